-- Grain: one row per declared analysis.
with

analyses as (
    select * from {{ ref('int_analyses') }}
),

final as (
    select * exclude (row_number)
    from analyses
)

select * from final
order by sort_order
