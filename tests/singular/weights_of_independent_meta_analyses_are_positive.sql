select
    members.member_id,
    members.weight
from {{ ref('fct_analysis_members') }} as members
inner join {{ ref('dim_policies') }} as policies using (policy_id)
where members.is_member and policies.overlap_handling = 'none' and not members.weight > 0
