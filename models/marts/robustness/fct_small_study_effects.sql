-- Grain: one row per analysis of two or more meta-analyses and policy that takes them as
-- independent.
with

fits as (
    select * from {{ ref('int_small_study_fits') }}
),

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
),

final as (
    select
        fits.analysis_id,
        fits.policy_id,
        pooled.k,
        pooled.k >= {{ least_k_for_asymmetry() }} as is_k_enough,
        pooled.estimate,
        pooled.ci_low,
        pooled.ci_high,
        fits.egger.status as egger_status,
        fits.egger.bias as egger_bias,
        fits.egger.bias_ci_low as egger_bias_ci_low,
        fits.egger.bias_ci_high as egger_bias_ci_high,
        fits.egger.statistic as egger_statistic,
        fits.egger.df as egger_df,
        fits.egger.p_value as egger_p,
        fits.egger.limit_estimate as egger_limit_estimate,
        fits.egger.limit_ci_low as egger_limit_ci_low,
        fits.egger.limit_ci_high as egger_limit_ci_high,
        if(fits.is_smd, fits.egger_smd.status, 'not_an_smd') as egger_smd_status,
        cast(if(fits.is_smd, fits.k_with_sizes, null) as integer) as egger_smd_k,
        cast(if(fits.is_smd, fits.k_with_arms, null) as integer) as egger_smd_k_with_arms,
        fits.egger_smd.bias as egger_smd_bias,
        fits.egger_smd.bias_ci_low as egger_smd_bias_ci_low,
        fits.egger_smd.bias_ci_high as egger_smd_bias_ci_high,
        fits.egger_smd.statistic as egger_smd_statistic,
        fits.egger_smd.df as egger_smd_df,
        fits.egger_smd.p_value as egger_smd_p,
        fits.egger_same.p_value as egger_same_p,
        if(fits.has_trim_and_fill, fits.filled.status, 'method_not_available')
            as trim_and_fill_status,
        cast(fits.filled.k0 as integer) as trim_and_fill_k0,
        fits.filled.side as trim_and_fill_side,
        fits.filled.estimate as trim_and_fill_estimate,
        fits.filled.ci_low as trim_and_fill_ci_low,
        fits.filled.ci_high as trim_and_fill_ci_high,
        fits.filled.filled_yi as filled_yi,
        fits.filled.filled_vi as filled_vi
    from fits
    inner join pooled
        on fits.analysis_id = pooled.analysis_id and fits.policy_id = pooled.policy_id
)

select * from final
order by analysis_id, policy_id
