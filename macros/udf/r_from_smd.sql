{# Correlation from a standardised mean difference. Made by python -m python_udfs.fingerprint --write. #}
{% macro r_from_smd(yi, vi, n1, n2) -%}
/* kernels {{ kernel_fingerprint() }} */ r_from_smd({{ yi }}, {{ vi }}, {{ n1 }}, {{ n2 }})
{%- endmacro %}
