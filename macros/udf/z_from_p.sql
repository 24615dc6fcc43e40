{# Absolute normal statistic that has a given two-sided p. Made by python -m python_udfs.fingerprint --write. #}
{% macro z_from_p(p) -%}
/* kernels 69a87fb227ca */ z_from_p({{ p }})
{%- endmacro %}
