-- Grain: one row per condition and selection rule that takes every meta-analysis it admits: what
-- the rules for related meta-analyses and for pools by control decide, as results are shown.
with

results as (
    select * from {{ ref('fct_selection_sensitivity') }}
    where policy_id = 'recommended'
),

rules as (
    select * from {{ ref('dim_selection_rules') }}
    where takes = 'all'
),

analyses as (
    select * from {{ ref('dim_analyses') }}
),

final as (
    select
        results.analysis_id,
        results.selection_rule,
        results.analysis_label,
        rules.label as rule_label,
        results.is_own_rule,
        results.k,
        analyses.scale_short_label,
        analyses.decimals,
        {{ display_scale('results.estimate', 'analyses.shown_as') }} as estimate,
        {{ display_scale('results.ci_low', 'analyses.shown_as') }} as ci_low,
        {{ display_scale('results.ci_high', 'analyses.shown_as') }} as ci_high,
        cast(
            row_number() over (order by analyses.sort_order, rules.sort_order) as integer
        ) as row_order
    from results
    inner join rules on results.selection_rule = rules.selection_rule
    inner join analyses on results.analysis_id = analyses.analysis_id
)

select * from final
order by row_order
