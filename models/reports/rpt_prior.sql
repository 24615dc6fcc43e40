-- Grain: one row per item of the PRIOR checklist, with where it is answered.
with

items as (
    select * from {{ ref('stg_protocol__prior_items') }}
),

answers as (
    select * from {{ ref('stg_extraction__prior_answers') }}
),

stated as (
    select
        items.item,
        cast(items.sort_order as integer) as sort_order,
        items.section,
        items.topic,
        items.asks_for,
        items.shown_at,
        answers.answered_in,
        answers.place,
        answers.note,
        case
            when answers.answered_in = 'not_applicable' then 'not applicable'
            when items.shown_at is not null and answers.answered_in = 'published_review'
                then 'both'
            when items.shown_at is not null then 'on this site'
            when answers.answered_in = 'published_review' then 'in the article'
            when answers.answered_in = 'elsewhere' then 'elsewhere'
            else 'not answered'
        end as status
    from items
    left join answers on items.item = answers.item
),

final as (
    select
        *,
        replace(status, ' ', '_') as status_code
    from stated
)

select * from final
order by sort_order, item
