{# How far an interval is from symmetric about its estimate. Made by python -m python_udfs.fingerprint --write. #}
{% macro asymmetry_index(estimate, ci_low, ci_high, scale) -%}
/* kernels {{ kernel_fingerprint() }} */ asymmetry_index({{ estimate }}, {{ ci_low }}, {{ ci_high }}, {{ scale }})
{%- endmacro %}
