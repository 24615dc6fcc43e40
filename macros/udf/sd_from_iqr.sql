{# Standard deviation from the quartiles, for the size of the sample. Made by python -m python_udfs.fingerprint --write. #}
{% macro sd_from_iqr(q1, q3, n) -%}
/* kernels {{ kernel_fingerprint() }} */ sd_from_iqr({{ q1 }}, {{ q3 }}, {{ n }})
{%- endmacro %}
