{# Risk ratio from an odds ratio through a baseline risk. Made by python -m python_udfs.fingerprint --write. #}
{% macro rr_from_or(odds_ratio, ci_low, ci_high, baseline_risk, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ rr_from_or({{ odds_ratio }}, {{ ci_low }}, {{ ci_high }}, {{ baseline_risk }}, {{ ci_level }})
{%- endmacro %}
