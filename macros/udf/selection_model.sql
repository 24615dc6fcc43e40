{# Three-parameter selection model (one step), maximum likelihood. Made by python -m python_udfs.fingerprint --write. #}
{% macro selection_model(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ selection_model({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
