-- Grain: one row per meta-analysis with AMSTAR ratings. An item's answer is the final one, or the
-- one on which both raters agree; an item answered by one rater only counts as that rater says.
with

ratings as (
    select * from {{ ref('stg_extraction__quality_ratings') }}
    where tool = 'amstar'
),

items as (
    select
        meta_analysis_id,
        item,
        max(answer) filter (rater = 'final') as final_answer,
        count(distinct answer) filter (rater != 'final') as n_answers,
        min(answer) filter (rater != 'final') as first_answer
    from ratings
    group by meta_analysis_id, item
),

answers as (
    select
        meta_analysis_id,
        item,
        coalesce(final_answer, if(n_answers = 1, first_answer, null)) as answer,
        n_answers > 1 as is_disputed
    from items
),

final as (
    select
        meta_analysis_id,
        count_if(answer = 'yes') as n_yes,
        count_if(answer is null) as n_unresolved,
        count(*) as n_items,
        count_if(is_disputed) as n_disputed
    from answers
    group by meta_analysis_id
)

select
    *,
    case
        when n_items < 11 then 'incomplete'
        when n_unresolved > 0 then 'unresolved'
        else 'rated'
    end as status,
    if(n_items = 11 and n_unresolved = 0, n_yes, null) as score
from final
