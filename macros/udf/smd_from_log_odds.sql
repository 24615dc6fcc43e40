{# Standardised mean difference from a log odds ratio. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_log_odds(yi_log_or, vi_log_or, rule) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_log_odds({{ yi_log_or }}, {{ vi_log_or }}, {{ rule }})
{%- endmacro %}
