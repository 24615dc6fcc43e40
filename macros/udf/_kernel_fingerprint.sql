{# Changes with any kernel. Made by python -m python_udfs.fingerprint --write. #}
{% macro kernel_fingerprint() -%}
5e6bc99b3b74
{%- endmacro %}
