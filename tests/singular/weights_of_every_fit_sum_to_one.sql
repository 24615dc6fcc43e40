select
    analysis_id,
    policy_id,
    sum(weight) as total_weight
from {{ ref('fct_analysis_members') }}
where is_member
group by analysis_id, policy_id
having abs(sum(weight) - 1) > 1e-12 or count(*) != count(weight)
