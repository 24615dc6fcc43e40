-- Grain: one row per analysis of rates and policy. Crude sum with an exact interval, and
-- random effects on the logit scale, both in percent.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
    where scale = 'logit'
),

fits as (
    select
        *,
        (fit.status = 'single_study' and ci_level = 0.95) as is_as_reported
    from {{ ref('int_pooled_fits') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

candidates as (
    select * from {{ ref('int_analysis_candidates') }}
),

rates as (
    select * from {{ ref('int_rates') }}
),

-- A rate's own value, and the ends of its interval where they are a range over trials. The range
-- leaves out what is known from the published review only: it stands beside that review's numbers.
candidate_rates as (
    select
        candidates.analysis_id,
        candidates.is_member,
        candidates.cluster_id,
        rates.flags is not null as is_flagged,
        rates.events,
        rates.total,
        rates.events is not null and rates.total is not null as has_counts,
        rates.is_reported and {{ is_of_arm('rates') }} as is_reported,
        coalesce(if(rates.interval_kind = 'range', rates.percent_low, null), rates.percent)
            as lowest_percent,
        coalesce(if(rates.interval_kind = 'range', rates.percent_high, null), rates.percent)
            as highest_percent,
        if(rates.interval_kind = 'ci95', rates.percent_low, null) as reported_ci_low,
        if(rates.interval_kind = 'ci95', rates.percent_high, null) as reported_ci_high
    from candidates
    inner join rates
        on
            candidates.effect_id = rates.rate_id
            and candidates.source_sheet = rates.source_sheet
    inner join analyses on candidates.analysis_id = analyses.analysis_id
),

crude as (
    select
        analysis_id,
        sum(events) filter (is_member and has_counts) as events,
        sum(total) filter (is_member and has_counts) as total,
        count(*) filter (is_member and has_counts) as k_crude,
        count(distinct cluster_id) filter (is_reported) as k_reported,
        count(*) filter (is_member and is_flagged) as n_flagged_members,
        min(lowest_percent) filter (is_reported) as range_low,
        max(highest_percent) filter (is_reported) as range_high,
        any_value(reported_ci_low) filter (is_member) as only_ci_low,
        any_value(reported_ci_high) filter (is_member) as only_ci_high
    from candidate_rates
    group by analysis_id
),

joined as (
    select
        analyses.analysis_id,
        analyses.label,
        analyses.analysis_group,
        analyses.condition,
        analyses.guidance,
        analyses.delivery,
        analyses.arm,
        analyses.definition_class,
        analyses.outcome,
        analyses.unit,
        analyses.sort_order,
        policies.sort_order as policy_order,
        fits.policy_id,
        fits.tau2_method,
        fits.ci_method,
        fits.pi_method,
        fits.tau2_ci_method,
        fits.ci_level,
        fits.overlap_handling,
        fits.fit,
        crude.events,
        crude.total,
        crude.k_crude,
        crude.k_reported,
        crude.n_flagged_members,
        crude.range_low,
        crude.range_high,
        if(fits.is_as_reported, crude.only_ci_low, null) as only_ci_low,
        if(fits.is_as_reported, crude.only_ci_high, null) as only_ci_high,
        proportion_ci_exact(crude.events, crude.total, fits.ci_level) as exact
    from analyses
    inner join fits on analyses.analysis_id = fits.analysis_id
    inner join policies on fits.policy_id = policies.policy_id
    left join crude on analyses.analysis_id = crude.analysis_id
),

final as (
    select
        sort_order,
        policy_order,
        analysis_id || ':' || policy_id as pooled_id,
        analysis_id,
        policy_id,
        label as analysis_label,
        analysis_group,
        condition,
        guidance,
        delivery,
        arm,
        definition_class,
        outcome,
        unit,
        tau2_method,
        ci_method,
        pi_method,
        tau2_ci_method,
        ci_level,
        overlap_handling,
        cast(coalesce(k_reported, 0) as integer) as k_reported,
        cast(coalesce(n_flagged_members, 0) as integer) as n_flagged_members,
        range_low as range_low_percent,
        range_high as range_high_percent,
        cast(coalesce(k_crude, 0) as integer) as k_crude,
        cast(events as bigint) as events,
        cast(total as bigint) as total,
        100 * exact.estimate as crude_percent,
        100 * exact.ci_low as crude_ci_low_percent,
        100 * exact.ci_high as crude_ci_high_percent,
        fit.status as status,
        fit.k as k,
        fit.estimate as estimate_logit,
        fit.se as se_logit,
        100 * proportion_from_logit(fit.estimate) as pooled_percent,
        coalesce(only_ci_low, 100 * proportion_from_logit(fit.ci_low)) as ci_low_percent,
        coalesce(only_ci_high, 100 * proportion_from_logit(fit.ci_high)) as ci_high_percent,
        100 * proportion_from_logit(fit.pi_low) as pi_low_percent,
        100 * proportion_from_logit(fit.pi_high) as pi_high_percent,
        fit.tau2 as tau2_logit,
        fit.tau2_ci_low as tau2_ci_low_logit,
        fit.tau2_ci_high as tau2_ci_high_logit,
        fit.q as q,
        cast(fit.q_df as integer) as q_df,
        fit.q_p as q_p,
        fit.i2_q as i2_q,
        fit.i2_tau2 as i2_tau2
    from joined
)

select * exclude (sort_order, policy_order)
from final
order by sort_order, policy_order
