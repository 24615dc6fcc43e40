{% macro member_list(value, key, type) -%}
    coalesce(
        list({{ value }} order by {{ key }}) filter ({{ key }} is not null),
        cast([] as {{ type }}[])
    )
{%- endmacro %}


{% macro only_value(value) -%}
    if(count(*) = 1, any_value({{ value }}), null)
{%- endmacro %}
