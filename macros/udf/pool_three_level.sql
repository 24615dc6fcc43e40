{# Three-level meta-analysis: effects within clusters within a population. Made by python -m python_udfs.fingerprint --write. #}
{% macro pool_three_level(yi, vi, cluster, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pool_three_level({{ yi }}, {{ vi }}, {{ cluster }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
