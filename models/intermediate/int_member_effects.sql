-- Grain: one row per effect or rate that can be a member of an analysis: a reported one, or that of
-- a trial.
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
        false as is_rate,
        effects.effect_id,
        effects.meta_analysis_id,
        effects.condition,
        effects.evidence,
        effects.measure_unit,
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
        false as is_rate,
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

rates as (
    select
        rates.source_sheet,
        true as is_rate,
        rates.rate_id as effect_id,
        rates.meta_analysis_id,
        rates.condition,
        rates.n_studies as n_comparisons,
        list_transform(
            coalesce(string_split(rates.flags, ';'), cast([] as varchar[])), lambda flag: trim(flag)
        ) as flag_list,
        cast([] as varchar[]) as adjudicated_fields,
        rates.total as n_total,
        rates.events as n_cases,
        rates.source_locator,
        studies.study as trial,
        studies.year as trial_year,
        studies.risk_of_bias
    from {{ ref('int_rates') }} as rates
    left join {{ ref('stg_extraction__primary_studies') }} as studies
        on rates.source_sheet = 'primary_studies' and rates.row_id = studies.comparison_id
),

final as (
    select * from effects
    union all by name
    select * from trials
    union all by name
    select * from rates
)

select * from final
