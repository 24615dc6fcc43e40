-- Grain: one row per analysis, way with converted effects, exclusion, one-effect rule and
-- selection rule: the members, ordered by effect_id, and the number of the set. Different choices
-- often lead to the same set.
{% set keys = [
    'analysis_id', 'converted_effects', 'exclusion', 'one_effect_rule', 'selection_rule'
] %}
with

analyses as (
    select analysis_id
    from {{ ref('stg_protocol__analyses') }}
),

candidates as (
    select
        *,
        conversion is not null as is_converted
    from {{ ref('int_candidate_rows') }}
    where is_admissible
),

{{ selection_keys() }},

admissible as (
    select
        kept.converted_effects,
        kept.exclusion,
        kept.one_effect_rule,
        keys.*
    from {{ ref('int_multiverse_rows') }} as kept
    inner join selection_keys as keys
        on
            kept.analysis_id = keys.analysis_id
            and kept.effect_id = keys.effect_id
    where keys.is_within_scope
),

{{ superseded_members('admissible', keys) }},

ranked as (
    select
        admissible.*,
        row_number() over (
            partition by
                admissible.analysis_id, admissible.converted_effects, admissible.exclusion,
                admissible.one_effect_rule, admissible.selection_rule
            order by admissible.sort_keys, admissible.is_converted, admissible.effect_id
        ) as selection_rank
    from admissible
    anti join superseded
        on
            admissible.effect_id = superseded.effect_id
            {%- for key in keys %}
            and admissible.{{ key }} = superseded.{{ key }}
            {%- endfor %}
    where admissible.has_needed
),

members as (
    select * from ranked
    where takes = 'all' or selection_rank = 1
),

listed as (
    select
        analyses.analysis_id,
        handled.converted_effects,
        exclusions.exclusion,
        one_effect_rules.one_effect_rule,
        selection_rules.selection_rule,
        {{ member_list('members.effect_id', 'members.effect_id', 'varchar') }} as effect_ids
    from analyses
    inner join {{ ref('int_multiverse_conversions') }} as handled
        on analyses.analysis_id = handled.analysis_id
    cross join {{ multiverse_options('exclusion') }} as exclusions
    cross join {{ multiverse_options('one_effect_rule') }} as one_effect_rules
    cross join {{ multiverse_options('selection_rule') }} as selection_rules
    left join members
        on
            analyses.analysis_id = members.analysis_id
            and handled.converted_effects = members.converted_effects
            and exclusions.exclusion = members.exclusion
            and one_effect_rules.one_effect_rule = members.one_effect_rule
            and selection_rules.selection_rule = members.selection_rule
    group by all
),

final as (
    select
        *,
        dense_rank() over (partition by analysis_id order by effect_ids) as member_set
    from listed
)

select * from final
