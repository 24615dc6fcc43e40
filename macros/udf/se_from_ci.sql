{# Standard error from a confidence interval: width / (2 z). Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_ci(ci_low, ci_high, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ se_from_ci({{ ci_low }}, {{ ci_high }}, {{ ci_level }})
{%- endmacro %}
