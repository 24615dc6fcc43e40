{% macro superseded_members(members, keys) %}
superseded as (
    select
        {%- for key in keys %}
        members.{{ key }},
        {%- endfor %}
        members.effect_id,
        string_agg(pairs.words, '; ' order by pairs.entering_id) as superseded_by
    from {{ members }} as members
    inner join {{ ref('int_superseded_meta_analyses') }} as pairs
        on
            members.cluster_id = pairs.superseded_id
            and members.related_meta_analyses = pairs.related_handling
    inner join {{ members }} as entering
        on
            pairs.entering_id = entering.cluster_id
            {%- for key in keys %}
            and members.{{ key }} = entering.{{ key }}
            {%- endfor %}
    group by {% for key in keys %}members.{{ key }}, {% endfor %}members.effect_id
)
{%- endmacro %}
