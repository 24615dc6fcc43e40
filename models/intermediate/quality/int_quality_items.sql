-- Grain: one row per meta-analysis, appraisal tool and item with an answer: both raters' answers
-- and the one that counts, which is the final one, the one both give, or that of the only rater.
with

answers as (
    select
        meta_analysis_id,
        tool,
        item,
        max(answer) filter (rater = '1') as first_answer,
        max(answer) filter (rater = '2') as second_answer,
        max(answer) filter (rater = 'final') as final_answer,
        count(distinct answer) filter (rater != 'final') as n_answers,
        string_agg(distinct source_locator, '; ' order by source_locator) as source_locators,
        string_agg(rater || ': ' || notes, '; ' order by rater) as notes
    from {{ ref('stg_extraction__quality_ratings') }}
    group by meta_analysis_id, tool, item
),

final as (
    select
        *,
        coalesce(final_answer, if(n_answers = 1, coalesce(first_answer, second_answer), null))
            as answer,
        case
            when final_answer is not null and n_answers > 1 then 'adjudicated'
            when n_answers > 1 then 'disputed'
            when first_answer = second_answer then 'agreed'
            when n_answers = 0 then 'final answer only'
            else 'one rater only'
        end as status
    from answers
)

select * from final
