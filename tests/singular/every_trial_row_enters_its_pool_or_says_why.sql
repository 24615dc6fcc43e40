-- Under every rule each comparison is a member or has a reason; k is the number of trials behind.
select member_id as id
from {{ ref('fct_trial_pool_members') }}
where is_member = (exclusion_reason is not null)

union all

select pools.trial_pool_id as id
from {{ ref('fct_trial_pools') }} as pools
left join {{ ref('fct_trial_pool_members') }} as members
    on
        pools.trial_set_id = members.trial_set_id
        and pools.rule_id = members.rule_id
        and members.is_member
        and members.trial_status = 'ok'
group by pools.trial_pool_id, pools.k
having pools.k != count(distinct members.unit_id)
