-- Grain: one row per analysis, policy and member left out: the others pooled as the policy does it.
-- What is positive definite stays so without a row and its column, so the shrinkage is kept.
with

whole as (
    select * from {{ ref('int_pool_inputs') }}
    where len(effect_ids) > 1
),

independent as (
    select
        *,
        leave_one_out(
            yis,
            vis,
            {
                'tau2_method': tau2_method,
                'ci_method': ci_method,
                'pi_method': pi_method,
                'ci_level': ci_level
            }
        ) as fits
    from whole
    where overlap_handling = 'none'
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

fitted as (
    select
        analysis_id,
        policy_id,
        effect_ids,
        fits
    from independent
    union all
    select
        analysis_id,
        policy_id,
        effect_ids,
        fits
    from correlated
),

final as (
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
    from fitted
)

select * from final
