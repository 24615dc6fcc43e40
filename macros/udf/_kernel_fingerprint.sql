{# Changes with any kernel. Made by python -m python_udfs.fingerprint --write. #}
{% macro kernel_fingerprint() -%}
b13abe456cdb
{%- endmacro %}
