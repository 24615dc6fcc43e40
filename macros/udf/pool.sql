{# Meta-analysis of a list of effects and their variances. Made by python -m python_udfs.fingerprint --write. #}
{% macro pool(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pool({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
