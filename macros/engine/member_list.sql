{% macro member_list(value, key, type) -%}
    coalesce(
        list({{ value }} order by {{ key }}) filter ({{ key }} is not null),
        cast([] as {{ type }}[])
    )
{%- endmacro %}


{% macro only_value(value) -%}
    if(count(*) = 1, any_value({{ value }}), null)
{%- endmacro %}


{% macro value_of_all(value) -%}
    if(count({{ value }}) = count(*) and min({{ value }}) = max({{ value }}), max({{ value }}), null)
{%- endmacro %}


{% macro effect_lists() -%}
    {{ member_list(
        "if(policies.or_to_smd_rule = 'cox', members.yi_cox, members.yi)",
        'members.effect_id',
        'double',
    ) }} as yis,
    {{ member_list(
        "if(policies.or_to_smd_rule = 'cox', members.vi_cox, members.vi)",
        'members.effect_id',
        'double',
    ) }} as vis
{%- endmacro %}
