-- The multiverse computes on its own path: its prespecified point is what the policy gives.
with

prespecified as (
    select * from {{ ref('fct_multiverse') }}
    where is_prespecified
),

recommended as (
    select * from {{ ref('int_pooled_effects') }}
    where policy_id = 'recommended'
)

select
    recommended.analysis_id,
    recommended.estimate,
    prespecified.estimate as estimate_in_multiverse
from recommended
inner join prespecified on recommended.analysis_id = prespecified.analysis_id
where
    prespecified.k is distinct from recommended.k
    or (prespecified.estimate is null) != (recommended.estimate is null)
    or abs(prespecified.estimate - recommended.estimate) > 1e-10
    or abs(prespecified.ci_low - recommended.ci_low) > 1e-10
    or abs(prespecified.ci_high - recommended.ci_high) > 1e-10
