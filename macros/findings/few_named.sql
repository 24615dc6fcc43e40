{#- The first three of a group as a text, and how many more there are. -#}
{% macro few_named(value, key, separator=', ') -%}
    array_to_string(list({{ value }} order by {{ key }})[:3], '{{ separator }}') || if(count(*) > 3, '{{ separator }}' || (count(*) - 3) || ' more', '')
{%- endmacro %}
