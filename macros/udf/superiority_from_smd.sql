{# Probability of superiority (common language effect size). Made by python -m python_udfs.fingerprint --write. #}
{% macro superiority_from_smd(yi, ci_low, ci_high) -%}
/* kernels {{ kernel_fingerprint() }} */ superiority_from_smd({{ yi }}, {{ ci_low }}, {{ ci_high }})
{%- endmacro %}
