{# Absolute normal statistic that has a given two-sided p. Made by python -m python_udfs.fingerprint --write. #}
{% macro z_from_p(p) -%}
/* kernels 4ab94b0d6833 */ z_from_p({{ p }})
{%- endmacro %}
