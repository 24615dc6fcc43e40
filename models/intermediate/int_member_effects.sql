-- Grain: one row per effect that can be a member of an analysis: a reported effect, or a trial.
-- What is said of members besides their numbers, which int_analysis_candidates holds.
with

arms as (
    select
        effect_id,
        n_intervention,
        n_control
    from {{ ref('int_adjudicated_effects') }}
),

effects as (
    select
        'reported_effects' as source_sheet,
        effects.effect_id,
        effects.meta_analysis_id,
        effects.condition,
        effects.evidence,
        effects.n_comparisons,
        effects.flag_list,
        effects.adjudicated_fields,
        arms.n_intervention,
        arms.n_control,
        effects.n_total,
        effects.source_locator
    from {{ ref('int_effects') }} as effects
    inner join arms on effects.effect_id = arms.effect_id
),

trials as (
    select
        'primary_studies' as source_sheet,
        effect_id,
        meta_analysis_id,
        condition,
        1 as n_comparisons,
        cast([] as varchar[]) as flag_list,
        cast([] as varchar[]) as adjudicated_fields,
        source_locator,
        label as trial,
        year as trial_year,
        n_intervention,
        n_control,
        n_participants as n_total,
        n_cases,
        risk_of_bias
    from {{ ref('int_trial_units') }}
),

final as (
    select * from effects
    union all by name
    select * from trials
)

select * from final
