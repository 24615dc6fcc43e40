-- Grain: one row per analysis of effects and assumed risk, or rate, that is stated for it.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
    where not {{ is_of_rates('scale') }}
),

risks as (
    select * from {{ ref('stg_protocol__baseline_risks') }}
),

-- What is stated for a class of comparators or for a condition goes before what is for all.
stated as (
    select
        analyses.analysis_id,
        risks.* exclude (row_number, condition, outcome, comparator_class)
    from analyses
    inner join risks
        on
            analyses.outcome = risks.outcome
            and coalesce(analyses.condition = risks.condition, risks.condition is null)
            and coalesce(
                analyses.comparator_class = risks.comparator_class,
                risks.comparator_class is null
            )
            and (analyses.scale = 'log_incidence_rate_ratio') = (risks.risk is null)
    qualify
        rank() over (
            partition by analyses.analysis_id
            order by risks.comparator_class is null, risks.condition is null
        ) = 1
),

final as (
    select
        analysis_id,
        risk_id,
        label,
        risk,
        rate,
        rate_unit,
        source,
        cast(
            row_number() over (
                partition by analysis_id order by sort_order, risk_id
            ) as integer
        ) as risk_order
    from stated
)

select * from final
order by analysis_id, risk_order
