-- Grain: one row per rating of certainty that an included meta-analysis gives for its own result.
with

ratings as (
    select * from {{ ref('fct_reported_certainty') }}
    where eligibility = 'included' and is_rated_by_source
),

outcomes as (
    select * from {{ ref('stg_vocabulary__outcomes') }}
),

final as (
    select
        ratings.certainty_id,
        cast(
            row_number() over (
                order by
                    conditions.label is null, conditions.label, outcomes.label,
                    ratings.citation_label, ratings.certainty_id
            ) as integer
        ) as row_order,
        ratings.condition as condition_id,
        conditions.label as condition_label,
        outcomes.label as outcome_label,
        ratings.citation_label,
        replace(ratings.rating, '_', ' ') as rating_text,
        case ratings.tool
            when 'grade' then 'GRADE'
            when 'unclear' then 'not stated'
            else replace(ratings.tool, '_', ' ')
        end as tool_text,
        ratings.notes,
        ratings.source_locator
    from ratings
    left join {{ ref('stg_vocabulary__conditions') }} as conditions
        on ratings.condition = conditions.code
    left join outcomes on ratings.outcome = outcomes.code
)

select * from final
order by row_order
