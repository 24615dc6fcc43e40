{% macro weeks_per_month() -%}
    4.345
{%- endmacro %}
