{% macro shown_value(value, shown_as) -%}
    (if({{ shown_as }} = 'expit', 100, 1) * {{ display_scale(value, shown_as) }})
{%- endmacro %}
