{% macro counted(n, one, several) -%}
    ({{ n }} || ' ' || {{ agreeing(n, one, several) }})
{%- endmacro %}


{% macro agreeing(n, one, several) -%}
    if({{ n }} = 1, {{ one }}, {{ several }})
{%- endmacro %}
