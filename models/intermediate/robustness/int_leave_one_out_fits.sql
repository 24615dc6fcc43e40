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
    where overlap_handling = 'none'
),

independent as (
    select
        analysis_id,
        policy_id,
        effect_ids[omitted] as omitted_effect_id,
        pool(
            yis[:omitted - 1] || yis[omitted + 1:],
            vis[:omitted - 1] || vis[omitted + 1:],
            {
                'tau2_method': tau2_method,
                'ci_method': ci_method,
                'pi_method': pi_method,
                'tau2_ci_method': tau2_ci_method,
                'ci_level': ci_level
            }
        ) as fit
    from positions
),

correlated as (
    select
        *,
        leave_one_out_gls(
            yis,
            vis,
            {{ shrunk_pairs('correlations', 'coalesce(shrinkage, 0.0)') }},
            {
                'default_correlation': (1 - coalesce(shrinkage, 0.0)) * other_correlation,
                'tau2_method': tau2_method,
                'ci_method': ci_method,
                'pi_method': pi_method,
                'ci_level': ci_level
            }
        ) as fits
    from whole
    where overlap_handling != 'none'
),

final as (
    select
        analysis_id,
        policy_id,
        omitted_effect_id,
        fit.status as status,
        fit.k as k,
        fit.estimate as estimate,
        fit.ci_low as ci_low,
        fit.ci_high as ci_high,
        fit.p_value as p_value,
        fit.tau2 as tau2,
        fit.i2_q as i2_q
    from independent

    union all

    select
        analysis_id,
        policy_id,
        unnest(effect_ids) as omitted_effect_id,
        unnest(fits.statuses) as status,
        fits.k - 1 as k,
        unnest(fits.estimate) as estimate,
        unnest(fits.ci_low) as ci_low,
        unnest(fits.ci_high) as ci_high,
        unnest(fits.p_value) as p_value,
        unnest(fits.tau2) as tau2,
        unnest(fits.i2_q) as i2_q
    from correlated
)

select * from final
