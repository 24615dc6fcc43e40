-- Grain: one row per analysis of effects: the second-order decomposition of the variance between
-- its members, taken as independent. Odds ratios are converted as by `recommended`.
with

inputs as (
    select * from {{ ref('int_pool_inputs') }}
    where policy_id = 'recommended'
),

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
    where not {{ is_of_rates('scale') }}
),

final as (
    select
        inputs.analysis_id,
        inputs.or_to_smd_rule,
        second_order(inputs.yis, inputs.vis) as decomposition
    from inputs
    inner join analyses on inputs.analysis_id = analyses.analysis_id
)

select * from final
order by analysis_id
