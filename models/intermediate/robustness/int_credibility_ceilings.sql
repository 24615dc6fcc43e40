-- Grain: one row per analysis and policy without correlations between meta-analyses: the analysis
-- pooled again under every ceiling.
with

ceilings as (
    select list(ceiling order by ceiling) as ceilings
    from {{ ref('stg_protocol__credibility_ceilings') }}
),

final as (
    select
        inputs.analysis_id,
        inputs.policy_id,
        ceilings.ceilings,
        credibility_ceiling(
            inputs.yis,
            inputs.vis,
            coalesce(ceilings.ceilings, []),
            {
                'tau2_method': inputs.tau2_method,
                'ci_method': inputs.ci_method,
                'ci_level': inputs.ci_level
            }
        ) as fit
    from {{ ref('int_pool_inputs') }} as inputs
    cross join ceilings
    where inputs.overlap_handling = 'none' and len(inputs.effect_ids) > 1
)

select * from final
