{# Standard error from a confidence interval built with t: width / (2 t). Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_ci_t(ci_low, ci_high, ci_level, df) -%}
/* kernels {{ kernel_fingerprint() }} */ se_from_ci_t({{ ci_low }}, {{ ci_high }}, {{ ci_level }}, {{ df }})
{%- endmacro %}
