{# Standard error from an effect and its two-sided p: |yi| / z. Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_p(yi, p_value) -%}
/* kernels 69a87fb227ca */ se_from_p({{ yi }}, {{ p_value }})
{%- endmacro %}
