{# Overlap of two groups that a standardised mean difference tells apart. Made by python -m python_udfs.fingerprint --write. #}
{% macro overlap_from_smd(yi, ci_low, ci_high) -%}
/* kernels {{ kernel_fingerprint() }} */ overlap_from_smd({{ yi }}, {{ ci_low }}, {{ ci_high }})
{%- endmacro %}
