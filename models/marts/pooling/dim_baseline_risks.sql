-- Grain: one row per analysis of effects and assumed risk.
with

risks as (
    select * from {{ ref('int_baseline_risks') }}
),

final as (
    select * from risks
)

select * from final
order by analysis_id, risk_order
