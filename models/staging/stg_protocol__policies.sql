-- Grain: one row per valid row of the sheet policies. The charts and the audit name two of them.
with

policies as (
    {{ stage_sheet('policies', is_worded=true) }}
),

named as (
    select count(*) as n
    from policies
    where policy_id in ('seed_paper', 'recommended')
),

final as (
    select policies.* replace (coalesce(policies.tau2_ci_method, 'QP') as tau2_ci_method)
    from policies
    cross join named
    where
        if(
            named.n = 2,
            true,
            error(
                'sheet policies, column policy_id: the rows seed_paper and recommended are '
                || 'needed, as the charts and the audit show both'
            )
        )
)

select * from final
order by row_number
