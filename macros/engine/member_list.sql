{#-
  List of a value over the members of a group, by a unique key; empty, not NULL, where the left join
  found no member.
-#}
{% macro member_list(value, key, type) -%}
    coalesce(
        list({{ value }} order by {{ key }}) filter ({{ key }} is not null),
        cast([] as {{ type }}[])
    )
{%- endmacro %}


{#- The value of a group's only row; NULL for several rows, none of which speaks for the others. -#}
{% macro only_value(value) -%}
    if(count(*) = 1, any_value({{ value }}), null)
{%- endmacro %}
