-- Grain: one row, what the review calls its parts: by its sheet, or else by its kind.
{% set words = [
    'studied_word', 'comparison_word', 'member_word', 'members_word', 'condition_word',
    'conditions_word', 'study_word', 'studies_word',
] %}
with

reviews as (
    select
        *,
        coalesce(review_kind, 'interventions') as kind
    from {{ ref('stg_protocol__review') }}
),

-- Without its row nothing says of what kind the review is, and no table of trials would have rows.
counted as (
    select
        if(
            count(*) > 0,
            true,
            error(
                'sheet review: its row is missing or was rejected, and nothing else says what the '
                || 'review is; umbrella check names the cell'
            )
        ) as has_row
    from reviews
),

-- Sheets older than the words for a study called it a trial.
kinds as (
    select
        * exclude (study_word, studies_word),
        coalesce(study_word, 'trial') as study_word,
        coalesce(studies_word, 'trials') as studies_word
    from {{ ref('stg_vocabulary__review_kinds') }}
),

final as (
    select
        {%- for word in words %}
        coalesce(reviews.{{ word }}, kinds.{{ word }}) as {{ word }},
        {%- endfor %}
        reviews.kind as review_kind
    from counted
    left join reviews on counted.has_row
    left join kinds on reviews.kind = kinds.code
)

select * from final
