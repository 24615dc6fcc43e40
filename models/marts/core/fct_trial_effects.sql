-- Grain: one row per trial comparison with a continuous outcome.
with

trial_effects as (
    select * from {{ ref('int_trial_effects') }}
),

final as (
    select
        * exclude (row_number),
        'primary_studies' as sheet,
        row_number as sheet_row
    from trial_effects
)

select * from final
order by sheet_row
