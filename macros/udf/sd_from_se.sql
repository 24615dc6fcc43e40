{# Standard deviation from the standard error of a mean: se sqrt(n). Made by python -m python_udfs.fingerprint --write. #}
{% macro sd_from_se(se, n) -%}
/* kernels {{ kernel_fingerprint() }} */ sd_from_se({{ se }}, {{ n }})
{%- endmacro %}
