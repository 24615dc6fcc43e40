-- Grain: one row, the review.
with

reviews as (
    select * from {{ ref('int_review') }}
),

final as (
    select *
    from reviews
)

select * from final
