{# Correlation, as it is or corrected for bias, with its variance. Made by python -m python_udfs.fingerprint --write. #}
{% macro cor_from_r(r, n, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ cor_from_r({{ r }}, {{ n }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
