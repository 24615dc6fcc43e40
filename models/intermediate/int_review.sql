-- Grain: one row, the review, with the words that its sheet or else its kind gives.
{% set words = [
    'studied_word', 'comparison_word', 'member_word', 'members_word', 'condition_word',
    'conditions_word',
] %}
with

reviews as (
    select
        *,
        coalesce(review_kind, 'interventions') as kind
    from {{ ref('stg_protocol__review') }}
),

kinds as (
    select * from {{ ref('stg_vocabulary__review_kinds') }}
),

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
        {%- for word in words %}
        coalesce(reviews.{{ word }}, kinds.{{ word }}) as {{ word }},
        {%- endfor %}
        reviews.kind as review_kind,
        (
            exists (select * from {{ ref('stg_published__claims') }})
            or exists (select * from {{ ref('stg_published__counts') }})
        ) as has_published
    from reviews
    left join kinds on reviews.kind = kinds.code
)

select * from final
