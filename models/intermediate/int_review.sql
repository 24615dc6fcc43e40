-- Grain: one row, the review, with the words that its sheet or else its kind gives.
with

final as (
    select
        reviews.review_id,
        reviews.title,
        reviews.question,
        reviews.search_date,
        reviews.registration,
        reviews.citation,
        reviews.doi,
        reviews.data_note,
        reviews.licence,
        words.*,
        (
            exists (select * from {{ ref('stg_published__claims') }})
            or exists (select * from {{ ref('stg_published__counts') }})
        ) as has_published
    from {{ ref('stg_review_words') }} as words
    cross join {{ ref('stg_protocol__review') }} as reviews
)

select * from final
