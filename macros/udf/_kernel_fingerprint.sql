{# Changes with any kernel. Made by python -m python_udfs.fingerprint --write. #}
{% macro kernel_fingerprint() -%}
7cc75a50047b
{%- endmacro %}
