{# Fisher's z of a correlation, variance 1 / (n - 3). Made by python -m python_udfs.fingerprint --write. #}
{% macro fisher_z_from_r(r, n) -%}
/* kernels {{ kernel_fingerprint() }} */ fisher_z_from_r({{ r }}, {{ n }})
{%- endmacro %}
