-- Grain: one row per analysis, policy and member left out.
with

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
),

effects as (
    select * from {{ ref('int_effects') }}
),

fits as (
    select
        analysis_id,
        policy_id,
        omitted_effect_id,
        status,
        k,
        estimate,
        ci_low,
        ci_high,
        p_value,
        tau2,
        i2_q,
        {{ favours('ci_low', 'ci_high') }} as favours
    from {{ ref('int_leave_one_out_fits') }}
),

final as (
    select
        fits.analysis_id,
        fits.policy_id,
        fits.omitted_effect_id,
        effects.meta_analysis_id as omitted_meta_analysis_id,
        fits.status,
        fits.k,
        fits.estimate,
        fits.ci_low,
        fits.ci_high,
        fits.p_value,
        fits.tau2,
        fits.i2_q,
        fits.estimate - pooled.estimate as change,
        fits.favours,
        pooled.favours as favours_with_all,
        coalesce(fits.favours, '') != coalesce(pooled.favours, '') as is_conclusion_changed
    from fits
    inner join pooled
        on
            fits.analysis_id = pooled.analysis_id
            and fits.policy_id = pooled.policy_id
    inner join effects on fits.omitted_effect_id = effects.effect_id
)

select * from final
order by analysis_id, policy_id, omitted_effect_id
