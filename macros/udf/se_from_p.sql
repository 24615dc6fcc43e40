{# Standard error from an effect and its two-sided p: |yi| / z. Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_p(yi, p_value) -%}
/* kernels 52f2b1951fc5 */ se_from_p({{ yi }}, {{ p_value }})
{%- endmacro %}
