{# Standard deviation from the t interval of one group's mean. Made by python -m python_udfs.fingerprint --write. #}
{% macro sd_from_mean_ci(ci_low, ci_high, n, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ sd_from_mean_ci({{ ci_low }}, {{ ci_high }}, {{ n }}, {{ ci_level }})
{%- endmacro %}
