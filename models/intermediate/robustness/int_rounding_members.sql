-- Grain: one row per analysis of two or more meta-analyses and policy that the charts show: its
-- members as lists, with the bounds within which each printed number may have lain. An analysis of
-- which a member has no such bounds is left out.
with

inputs as (
    select
        inputs.*,
        fits.fit as base
    from {{ ref('int_pool_inputs') }} as inputs
    inner join {{ ref('int_pooled_fits') }} as fits
        on inputs.analysis_id = fits.analysis_id and inputs.policy_id = fits.policy_id
    inner join {{ ref('stg_protocol__analyses') }} as analyses
        on inputs.analysis_id = analyses.analysis_id
    where
        analyses.unit != 'trial'
        and not {{ is_of_rates('analyses.scale') }}
        and inputs.policy_id in ('seed_paper', 'recommended')
        and {{ is_pooled('fits.fit.status') }}
        and fits.fit.k between 2 and {{ var('most_members_for_single_decisions') }}
),

positions as (
    select
        analysis_id,
        policy_id,
        unnest(effect_ids) as effect_id,
        unnest(yis) as yi,
        unnest(vis) as vi
    from inputs
),

bounded as (
    select
        positions.*,
        -- An effect that was turned round has its bounds the other way round, too.
        if(yi * estimate_scaled < 0, estimate_up, estimate_down) as down,
        if(yi * estimate_scaled < 0, estimate_down, estimate_up) as up,
        se_factor_min,
        se_factor_max
    from positions
    left join {{ ref('int_effect_rounding') }} as rounding
        on positions.effect_id = rounding.effect_id
),

listed as (
    select
        analysis_id,
        policy_id,
        list(yi - down * sqrt(vi) order by effect_id) as yis_low,
        list(yi + up * sqrt(vi) order by effect_id) as yis_high,
        list(vi * se_factor_min ** 2 order by effect_id) as vis_low,
        list(vi * se_factor_max ** 2 order by effect_id) as vis_high
    from bounded
    group by analysis_id, policy_id
    having bool_and(down is not null and up is not null and se_factor_min > 0 and se_factor_max > 0)
),

final as (
    select
        inputs.*,
        listed.* exclude (analysis_id, policy_id)
    from inputs
    inner join listed
        on inputs.analysis_id = listed.analysis_id and inputs.policy_id = listed.policy_id
)

select * from final
