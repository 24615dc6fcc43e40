-- No item and no valid answer is lost on the way to the checklist.
select
    'item' as missing,
    item
from {{ ref('stg_protocol__prior_items') }}
where item not in (select item from {{ ref('rpt_prior') }})

union all

select
    'answer' as missing,
    answers.item
from {{ ref('stg_extraction__prior_answers') }} as answers
left join {{ ref('rpt_prior') }} as checklist on answers.item = checklist.item
where
    checklist.answered_in is distinct from answers.answered_in
    or checklist.place is distinct from answers.place
    or checklist.note is distinct from answers.note
