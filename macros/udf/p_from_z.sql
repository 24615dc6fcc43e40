{# Two-sided p of a normal test statistic. Made by python -m python_udfs.fingerprint --write. #}
{% macro p_from_z(z) -%}
/* kernels f072436bc3be */ p_from_z({{ z }})
{%- endmacro %}
