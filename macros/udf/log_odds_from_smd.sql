{# Log odds ratio from a standardised mean difference; inverse of smd_from_log_odds. Made by python -m python_udfs.fingerprint --write. #}
{% macro log_odds_from_smd(yi, vi, rule) -%}
/* kernels {{ kernel_fingerprint() }} */ log_odds_from_smd({{ yi }}, {{ vi }}, {{ rule }})
{%- endmacro %}
