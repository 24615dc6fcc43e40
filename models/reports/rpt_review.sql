-- Grain: one row, the review.
with

reviews as (
    select * from {{ ref('dim_review') }}
),

final as (
    select *
    from reviews
)

select * from final
