{# Standard error from an effect and the two-sided p of its t test: |yi| / t. Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_p_t(yi, p_value, df) -%}
/* kernels {{ kernel_fingerprint() }} */ se_from_p_t({{ yi }}, {{ p_value }}, {{ df }})
{%- endmacro %}
