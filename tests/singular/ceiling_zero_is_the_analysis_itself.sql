select
    ceilings.analysis_id,
    ceilings.policy_id,
    ceilings.estimate,
    pooled.estimate as pooled_estimate
from {{ ref('fct_credibility_ceilings') }} as ceilings
inner join {{ ref('fct_pooled_effects') }} as pooled
    on
        ceilings.analysis_id = pooled.analysis_id
        and ceilings.policy_id = pooled.policy_id
where ceilings.ceiling = 0 and abs(ceilings.estimate - pooled.estimate) > 1e-10
