{% macro display_scale(value, scale) -%}
    if({{ scale }} = 'smd', {{ value }}, exp({{ value }}))
{%- endmacro %}
