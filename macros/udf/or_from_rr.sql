{# Odds ratio from a risk ratio through a baseline risk. Made by python -m python_udfs.fingerprint --write. #}
{% macro or_from_rr(risk_ratio, ci_low, ci_high, baseline_risk, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ or_from_rr({{ risk_ratio }}, {{ ci_low }}, {{ ci_high }}, {{ baseline_risk }}, {{ ci_level }})
{%- endmacro %}
