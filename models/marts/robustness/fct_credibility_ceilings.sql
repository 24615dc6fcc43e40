-- Grain: one row per analysis of effects, policy and ceiling.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
    where not {{ is_of_rates('scale') }}
),

listed as (
    select
        fits.analysis_id,
        fits.policy_id,
        fits.fit,
        fits.ceilings,
        unnest(range(1, len(fits.ceilings) + 1)) as position
    from {{ ref('int_credibility_ceilings') }} as fits
    inner join analyses on fits.analysis_id = analyses.analysis_id
),

final as (
    select
        analysis_id,
        policy_id,
        ceilings[position] as ceiling,
        fit.status as status,
        fit.k as k,
        fit.estimate[position] as estimate,
        fit.ci_low[position] as ci_low,
        fit.ci_high[position] as ci_high,
        fit.p_value[position] as p_value,
        fit.tau2[position] as tau2,
        fit.i2_q[position] as i2_q
    from listed
)

select
    *,
    {{ side('ci_low', 'ci_high') }} as side
from final
order by analysis_id, policy_id, ceiling
