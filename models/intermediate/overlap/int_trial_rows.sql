-- Grain: one row per valid row of primary_studies, with the canonical trial that it is about.
with

rows as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

trial_ids as (
    select * from {{ ref('int_trial_ids') }}
    where alias_handling = 'decided'
),

final as (
    select
        rows.comparison_id,
        rows.source as meta_analysis_id,
        rows.condition,
        rows.outcome,
        trial_ids.trial_id,
        coalesce(
            rows.randomised_intervention + rows.randomised_control,
            rows.n_intervention + rows.n_control,
            rows.total_intervention + rows.total_control
        ) as n_participants
    from rows
    inner join trial_ids on rows.study_id = trial_ids.study_id
)

select * from final
order by comparison_id
