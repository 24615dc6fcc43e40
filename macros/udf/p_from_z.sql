{# Two-sided p of a normal test statistic. Made by python -m python_udfs.fingerprint --write. #}
{% macro p_from_z(z) -%}
/* kernels 69a87fb227ca */ p_from_z({{ z }})
{%- endmacro %}
