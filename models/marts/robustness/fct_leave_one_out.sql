-- Grain: one row per analysis, policy and member left out; rates on the logit scale.
with

pooled as (
    select * from {{ ref('int_pooled_effects') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member or is_member_as_reported
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
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
            and {{ is_member_by('policies', 'members') }}
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
        limited.* replace (if({{ is_of_rates('pooled.scale') }}, null, limited.p_value) as p_value),
        meta_analyses.meta_analysis_id,
        if(
            {{ is_of_rates('pooled.scale') }}, null,
            {{ side('limited.ci_low', 'limited.ci_high') }}
        ) as side,
        limited.estimate - pooled.estimate as change,
        pooled.side as side_with_all,
        limited.estimate between pooled.ci_low and pooled.ci_high as is_within_interval_of_all,
        pooled.scale
    from limited
    inner join pooled
        on
            limited.analysis_id = pooled.analysis_id
            and limited.policy_id = pooled.policy_id
    inner join members
        on
            limited.analysis_id = members.analysis_id
            and limited.omitted_effect_id = members.effect_id
    left join meta_analyses on members.meta_analysis_id = meta_analyses.meta_analysis_id
),

final as (
    select
        analysis_id,
        policy_id,
        omitted_effect_id,
        meta_analysis_id as omitted_meta_analysis_id,
        status,
        k,
        estimate,
        ci_low,
        ci_high,
        p_value,
        tau2,
        i2_q,
        change,
        side,
        side_with_all,
        is_within_interval_of_all,
        if(
            {{ is_of_rates('scale') }},
            (is_within_interval_of_all is distinct from true),
            (side is distinct from side_with_all)
        ) as is_conclusion_changed
    from fits
)

select * from final
order by analysis_id, policy_id, omitted_effect_id
