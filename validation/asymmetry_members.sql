select
    members.analysis_id,
    members.effect_id,
    members.yi,
    members.vi,
    if(effects.n_intervention > 0 and effects.n_control > 0, effects.n_intervention, effects.n_total / 2) as n1,
    if(effects.n_intervention > 0 and effects.n_control > 0, effects.n_control, effects.n_total / 2) as n2
from fct_analysis_members as members
inner join intermediate.int_adjudicated_effects as effects on members.effect_id = effects.effect_id
where
    members.is_member
    and members.policy_id = 'independent'
    and members.analysis_id in ('depression', 'anxiety', 'stress')
order by members.analysis_id, members.effect_id
