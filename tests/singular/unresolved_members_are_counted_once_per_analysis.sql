-- The number of unresolved members of a pooled effect is that of its marked members.
select pooled.pooled_id
from {{ ref('fct_pooled_effects') }} as pooled
left join {{ ref('fct_analysis_members') }} as members
    on
        pooled.analysis_id = members.analysis_id
        and pooled.policy_id = members.policy_id
        and members.is_member
group by pooled.pooled_id, pooled.n_unresolved_members, pooled.k
having
    pooled.n_unresolved_members != count_if(members.is_unresolved)
    or pooled.n_unresolved_members > pooled.k
