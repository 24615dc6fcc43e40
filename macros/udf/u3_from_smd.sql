{# Cohen's U3 of a standardised mean difference. Made by python -m python_udfs.fingerprint --write. #}
{% macro u3_from_smd(yi, ci_low, ci_high) -%}
/* kernels {{ kernel_fingerprint() }} */ u3_from_smd({{ yi }}, {{ ci_low }}, {{ ci_high }})
{%- endmacro %}
