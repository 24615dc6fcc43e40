-- Grain: one row per analysis, policy and member left out.
with

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
),

effects as (
    select * from {{ ref('int_member_effects') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member
),

left_over as (
    select * from {{ ref('int_leave_one_out_fits') }}
),

-- A single study that is left has the interval that it reports, as it has in a pool of its own.
reported as (
    select
        left_over.analysis_id,
        left_over.policy_id,
        left_over.omitted_effect_id,
        if(policies.or_to_smd_rule = 'cox', members.ci_low_cox, members.ci_low) as ci_low,
        if(policies.or_to_smd_rule = 'cox', members.ci_high_cox, members.ci_high) as ci_high
    from left_over
    inner join policies on left_over.policy_id = policies.policy_id
    inner join members
        on
            left_over.analysis_id = members.analysis_id
            and left_over.omitted_effect_id != members.effect_id
    where left_over.status = 'single_study' and policies.ci_level = 0.95
),

limited as (
    select
        left_over.analysis_id,
        left_over.policy_id,
        left_over.omitted_effect_id,
        left_over.status,
        left_over.k,
        left_over.estimate,
        coalesce(reported.ci_low, left_over.ci_low) as ci_low,
        coalesce(reported.ci_high, left_over.ci_high) as ci_high,
        left_over.p_value,
        left_over.tau2,
        left_over.i2_q
    from left_over
    left join reported
        on
            left_over.analysis_id = reported.analysis_id
            and left_over.policy_id = reported.policy_id
            and left_over.omitted_effect_id = reported.omitted_effect_id
),

fits as (
    select
        *,
        {{ side('ci_low', 'ci_high') }} as side
    from limited
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
        fits.side,
        pooled.side as side_with_all,
        coalesce(fits.side, '') != coalesce(pooled.side, '') as is_conclusion_changed
    from fits
    inner join pooled
        on
            fits.analysis_id = pooled.analysis_id
            and fits.policy_id = pooled.policy_id
    inner join effects on fits.omitted_effect_id = effects.effect_id
)

select * from final
order by analysis_id, policy_id, omitted_effect_id
