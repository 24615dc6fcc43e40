{# Changes with any kernel. Made by python -m python_udfs.fingerprint --write. #}
{% macro kernel_fingerprint() -%}
8a27e405d841
{%- endmacro %}
