-- Grain: one row per trial comparison with a continuous outcome: its Hedges' g, signed so that
-- above zero favours the intervention, in the form that the trial rules use by default. Kept beside
-- the pools.
with

conversions as (
    select * from {{ ref('int_trial_conversions') }}
    where
        variance_form = 'LS'
        and correction = 'exact'
        and (is_continuous or yi_smd is not null)
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

final as (
    select
        trials.comparison_id,
        trials.row_number,
        trials.source as meta_analysis_id,
        trials.dataset,
        trials.study,
        trials.year,
        trials.condition,
        trials.outcome,
        trials.comparator,
        trials.guidance,
        trials.locator,
        conversions.conversion_path_smd as conversion_path,
        conversions.yi_smd,
        conversions.vi_smd,
        conversions.status_smd as status
    from conversions
    inner join trials on conversions.comparison_id = trials.comparison_id
)

select * from final
