{# Standard error of a mean from its standard deviation: sd / sqrt(n). Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_sd(sd, n) -%}
/* kernels {{ kernel_fingerprint() }} */ se_from_sd({{ sd }}, {{ n }})
{%- endmacro %}
