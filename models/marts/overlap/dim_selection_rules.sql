-- Grain: one row per selection rule, with its order of preference in words.
with

rules as (
    select * from {{ ref('stg_protocol__selection_rules') }}
),

criteria as (
    select
        selection_rule,
        string_agg(preference || ' ' || criterion, ', then ' order by step) as criteria
    from {{ ref('stg_protocol__selection_criteria') }}
    group by selection_rule
),

final as (
    select
        rules.* exclude (row_number) replace (
            coalesce(rules.related_meta_analyses, 'declared') as related_meta_analyses,
            coalesce(rules.parallel_pools, 'leave_out') as parallel_pools
        ),
        coalesce(criteria.criteria || ', then ', '') || 'identifier' as criteria
    from rules
    left join criteria on rules.selection_rule = criteria.selection_rule
)

select * from final
order by sort_order
