-- Grain: one row per analysis, policy and member left out: the others pooled as the policy does it.
-- What is positive definite stays so without a row and its column, so the shrinkage is kept.
with

whole as (
    select * from {{ ref('int_pool_inputs') }}
    where len(effect_ids) > 1
),

positions as (
    select
        *,
        unnest(range(1, len(effect_ids) + 1)) as omitted
    from whole
),

others as (
    select
        *,
        list_filter(range(1, len(effect_ids) + 1), lambda i: i != omitted) as kept
    from positions
),

inputs as (
    select
        analysis_id,
        policy_id,
        tau2_method,
        ci_method,
        pi_method,
        tau2_ci_method,
        ci_level,
        overlap_handling,
        shrinkage,
        effect_ids[omitted] as omitted_effect_id,
        list_transform(kept, lambda i: yis[i]) as yis,
        list_transform(kept, lambda i: vis[i]) as vis,
        list_transform(kept, lambda i: list_transform(kept, lambda j: correlations[i][j]))
            as correlations
    from others
),

{{ pool_inputs() }}

select * exclude (correlations, yis, vis)
from final
