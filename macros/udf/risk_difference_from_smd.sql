{# Risk difference that a standardised mean difference makes at a control event rate. Made by python -m python_udfs.fingerprint --write. #}
{% macro risk_difference_from_smd(yi, ci_low, ci_high, control_event_rate) -%}
/* kernels {{ kernel_fingerprint() }} */ risk_difference_from_smd({{ yi }}, {{ ci_low }}, {{ ci_high }}, {{ control_event_rate }})
{%- endmacro %}
