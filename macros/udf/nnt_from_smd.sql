{# Number needed to treat from a standardised mean difference. Made by python -m python_udfs.fingerprint --write. #}
{% macro nnt_from_smd(yi, ci_low, ci_high, control_event_rate, method) -%}
/* kernels {{ kernel_fingerprint() }} */ nnt_from_smd({{ yi }}, {{ ci_low }}, {{ ci_high }}, {{ control_event_rate }}, {{ method }})
{%- endmacro %}
