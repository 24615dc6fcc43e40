{# Two-sided p of a normal test statistic. Made by python -m python_udfs.fingerprint --write. #}
{% macro p_from_z(z) -%}
/* kernels {{ kernel_fingerprint() }} */ p_from_z({{ z }})
{%- endmacro %}
