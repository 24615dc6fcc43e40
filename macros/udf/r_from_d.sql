{# Correlation from Cohen's d. Made by python -m python_udfs.fingerprint --write. #}
{% macro r_from_d(d, vi, n1, n2) -%}
/* kernels {{ kernel_fingerprint() }} */ r_from_d({{ d }}, {{ vi }}, {{ n1 }}, {{ n2 }})
{%- endmacro %}
