{# Number needed to treat from an odds ratio and a control event rate. Made by python -m python_udfs.fingerprint --write. #}
{% macro nnt_from_or(odds_ratio, ci_low, ci_high, control_event_rate, event) -%}
/* kernels {{ kernel_fingerprint() }} */ nnt_from_or({{ odds_ratio }}, {{ ci_low }}, {{ ci_high }}, {{ control_event_rate }}, {{ event }})
{%- endmacro %}
