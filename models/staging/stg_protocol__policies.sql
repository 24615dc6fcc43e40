-- Grain: one row per valid row of the sheet policies. The charts and the audit name two of them.
with

policies as (
    {{ stage_sheet('policies') }}
),

final as (
    select policies.*
    from policies
    where
        (
            select
                if(
                    count(*) = 2,
                    true,
                    error(
                        'sheet policies, column policy_id: the rows seed_paper and recommended '
                        || 'are needed, as the charts and the audit show both'
                    )
                )
            from policies as named
            where policy_id in ('seed_paper', 'recommended')
        )
)

select * from final
order by row_number
