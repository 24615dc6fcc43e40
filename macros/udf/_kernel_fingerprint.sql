{# Changes with any kernel. Made by python -m python_udfs.fingerprint --write. #}
{% macro kernel_fingerprint() -%}
c9d252122609
{%- endmacro %}
