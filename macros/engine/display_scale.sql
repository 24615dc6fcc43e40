{#- A value of an analysis as figures print it: ratios leave the log scale. -#}
{% macro display_scale(value, scale) -%}
    if({{ scale }} = 'smd', {{ value }}, exp({{ value }}))
{%- endmacro %}
