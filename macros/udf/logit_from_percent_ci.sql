{# Logit of a percentage, its variance from the interval taken to the logit scale. Made by python -m python_udfs.fingerprint --write. #}
{% macro logit_from_percent_ci(percent, percent_low, percent_high, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ logit_from_percent_ci({{ percent }}, {{ percent_low }}, {{ percent_high }}, {{ ci_level }})
{%- endmacro %}
