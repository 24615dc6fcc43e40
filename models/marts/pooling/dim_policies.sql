-- Grain: one row per pooling policy.
with

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

final as (
    select * exclude (row_number)
    from policies
)

select * from final
order by sort_order
