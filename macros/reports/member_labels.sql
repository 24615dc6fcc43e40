{#- Who the members of each analysis are, in words; further conditions may follow. -#}
{% macro member_labels() -%}
    select
        members.analysis_id,
        members.policy_id,
        members.effect_id,
        coalesce(effects.trial, meta_analyses.citation_label) as label
    from {{ ref('fct_analysis_members') }} as members
    inner join {{ ref('dim_member_effects') }} as effects
        on
            members.source_sheet = effects.source_sheet
            and members.effect_id = effects.effect_id
    left join {{ ref('dim_meta_analyses') }} as meta_analyses
        on members.meta_analysis_id = meta_analyses.meta_analysis_id
    where members.is_member
{%- endmacro %}
