-- Every member of an analysis that the page can pool is among its effects, with the same numbers.
select
    members.analysis_id,
    members.effect_id
from {{ ref('fct_analysis_members') }} as members
inner join {{ ref('rpt_explorer_analyses') }} as shown on members.analysis_id = shown.analysis_id
left join {{ ref('rpt_explorer') }} as effects
    on
        shown.analysis_kind = effects.analysis_kind
        and members.effect_id = effects.effect_id
        and members.yi = effects.yi
        and members.vi = effects.vi
where
    members.policy_id = 'seed_paper'
    and members.is_member
    and effects.effect_id is null
