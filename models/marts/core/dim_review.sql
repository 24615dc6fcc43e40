-- Grain: one row, the review.
select * from {{ ref('int_review') }}
