{# p-uniform*: effect and tau2 given the significance of each study, by ML. Made by python -m python_udfs.fingerprint --write. #}
{% macro p_uniform_star(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ p_uniform_star({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
