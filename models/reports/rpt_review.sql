-- Grain: one row, the review.
with

reviews as (
    select * from {{ ref('stg_protocol__review') }}
),

final as (
    select * exclude (row_number)
    from reviews
)

select * from final
