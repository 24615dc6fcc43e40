-- Grain: one row per analysis: which choices can change what its specifications give. Where no set
-- of members has two nothing is pooled, and most choices are none: their options would repeat one
-- printed result a thousand times. Elsewhere every choice of the sheet is one.
{% set of_members = {
    'exclusion': 'one_effect_rule, selection_rule',
    'one_effect_rule': 'exclusion, selection_rule',
    'selection_rule': 'exclusion, one_effect_rule',
} %}
with

sets as (
    select * from {{ ref('int_multiverse_sets') }}
),

moved as (
    select
        {%- for choice, others in of_members.items() %}
        min(member_set) over (partition by analysis_id, converted_effects, {{ others }})
        != max(member_set) over (partition by analysis_id, converted_effects, {{ others }})
            as moves_{{ choice }},
        {%- endfor %}
        analysis_id,
        effect_ids
    from sets
),

sizes as (
    select
        {%- for choice in of_members %}
        bool_or(moves_{{ choice }}) as moves_{{ choice }},
        {%- endfor %}
        analysis_id,
        max(len(effect_ids)) > 1 as is_pooled
    from moved
    group by analysis_id
),

members as (
    select
        analysis_id,
        unnest(effect_ids) as effect_id
    from sets
),

conversions as (
    select
        members.analysis_id,
        bool_or(candidates.yi != candidates.yi_cox) as moves_or_to_smd_rule
    from members
    inner join {{ ref('int_candidate_rows') }} as candidates
        on
            members.analysis_id = candidates.analysis_id
            and members.effect_id = candidates.effect_id
    where candidates.is_admissible
    group by members.analysis_id
),

final as (
    select
        sizes.analysis_id,
        {%- for choice in of_members %}
        sizes.is_pooled or sizes.moves_{{ choice }} as has_{{ choice }},
        {%- endfor %}
        sizes.is_pooled or coalesce(conversions.moves_or_to_smd_rule, false)
            as has_or_to_smd_rule,
        sizes.is_pooled as has_overlap_handling,
        sizes.is_pooled as has_tau2_method,
        sizes.is_pooled as has_ci_method
    from sizes
    left join conversions on sizes.analysis_id = conversions.analysis_id
)

select * from final
