{# Log of a reported ratio, its variance from the confidence interval. Made by python -m python_udfs.fingerprint --write. #}
{% macro log_ratio_from_ci(ratio, ci_low, ci_high, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ log_ratio_from_ci({{ ratio }}, {{ ci_low }}, {{ ci_high }}, {{ ci_level }})
{%- endmacro %}
