{# Standard error from an effect and its two-sided p: |yi| / z. Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_p(yi, p_value) -%}
/* kernels {{ kernel_fingerprint() }} */ se_from_p({{ yi }}, {{ p_value }})
{%- endmacro %}
