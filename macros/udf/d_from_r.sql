{# Cohen's d from a correlation. Made by python -m python_udfs.fingerprint --write. #}
{% macro d_from_r(r, vi) -%}
/* kernels {{ kernel_fingerprint() }} */ d_from_r({{ r }}, {{ vi }})
{%- endmacro %}
