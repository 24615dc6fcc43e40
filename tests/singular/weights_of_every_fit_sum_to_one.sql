-- Where there is no fit, no member has a weight.
select
    members.analysis_id,
    members.policy_id,
    sum(members.weight) as total_weight
from {{ ref('fct_analysis_members') }} as members
inner join {{ ref('int_pooled_fits') }} as fits
    on
        members.analysis_id = fits.analysis_id
        and members.policy_id = fits.policy_id
where members.is_member
group by members.analysis_id, members.policy_id
having
    if(
        any_value(fits.fit.estimate) is null,
        count(members.weight) > 0,
        abs(sum(members.weight) - 1) > 1e-12 or count(*) != count(members.weight)
    )
