-- Grain: one row per declared analysis that the page can pool, of standardised mean differences
-- between all meta-analyses that pass its filters.
with

analyses as (
    select * from {{ ref('dim_analyses') }}
    where scale = 'smd' and unit = 'meta_analysis' and network_evidence is null
),

rules as (
    select * from {{ ref('dim_selection_rules') }}
    where
        takes = 'all'
        and needs is null
        and related_meta_analyses = 'declared'
        and parallel_pools = 'leave_out'
),

final as (
    select
        analyses.analysis_id,
        cast(analyses.sort_order as integer) as sort_order,
        analyses.label as analysis_label,
        analyses.required_scope
    from analyses
    inner join rules on analyses.selection_rule = rules.selection_rule
)

select * from final
