{#- Members that another row of their own set supersedes. Those that some row of the review may
    supersede are found first, for they are few: else all members of a set are joined with all. -#}
{% macro superseded_members(members, keys) %}
supersedable as materialized (
    select
        {%- for key in keys %}
        members.{{ key }},
        {%- endfor %}
        members.effect_id,
        pairs.entering_id,
        pairs.words
    from {{ members }} as members
    inner join {{ ref('int_superseded_meta_analyses') }} as pairs
        on
            members.cluster_id = pairs.superseded_id
            and members.related_meta_analyses = pairs.related_handling
),

superseded as (
    select
        {%- for key in keys %}
        members.{{ key }},
        {%- endfor %}
        members.effect_id,
        string_agg(members.words, '; ' order by members.entering_id) as superseded_by
    from supersedable as members
    inner join {{ members }} as entering
        on
            members.entering_id = entering.cluster_id
            {%- for key in keys %}
            and members.{{ key }} = entering.{{ key }}
            {%- endfor %}
    group by {% for key in keys %}members.{{ key }}, {% endfor %}members.effect_id
)
{%- endmacro %}
