-- Grain: one row per declared analysis that the page can pool: of all that pass its filters, or of
-- the first of them.
with

analyses as (
    select * from {{ ref('dim_analyses') }}
),

rules as (
    select * from {{ ref('dim_selection_rules') }}
    where takes in ('all', 'first')
),

final as (
    select
        analyses.analysis_id,
        {{ analysis_kind('analyses') }} as analysis_kind,
        cast(analyses.sort_order as integer) as sort_order,
        analyses.label as analysis_label,
        coalesce(analyses.required_scope, 'any') as required_scope,
        analyses.selection_rule,
        analyses.outcome,
        analyses.side_verb,
        analyses.above_text,
        analyses.above_axis,
        analyses.below_axis
    from analyses
    inner join rules on analyses.selection_rule = rules.selection_rule
)

select * from final
