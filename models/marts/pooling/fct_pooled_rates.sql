-- Grain: one row per analysis of rates and policy. Crude sum with an exact interval, and random
-- effects on the scale of the analysis, both in percent or per person-time of the analysis.
with

analyses as (
    select
        *,
        {{ person_years('measure_unit') }} as person_years
    from {{ ref('int_analyses') }}
    where {{ is_of_rates('scale') }}
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
        rates.person_time * {{ years_of_time('rates.rate_unit') }} as person_years,
        rates.events is not null
        and (rates.scale = 'logit' and rates.total is not null or rates.person_time is not null)
            as has_counts,
        rates.is_reported and {{ is_of_arm('rates') }} as is_reported,
        coalesce(
            if(rates.interval_kind = 'range', {{ rate_shown('_low') }}, null), {{ rate_shown() }}
        ) as lowest_rate,
        coalesce(
            if(rates.interval_kind = 'range', {{ rate_shown('_high') }}, null), {{ rate_shown() }}
        ) as highest_rate,
        if(rates.interval_kind = 'ci95', {{ rate_shown('_low') }}, null) as reported_ci_low,
        if(rates.interval_kind = 'ci95', {{ rate_shown('_high') }}, null) as reported_ci_high
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
        sum(person_years) filter (is_member and has_counts) as person_years,
        count(*) filter (is_member and has_counts) as k_crude,
        count(distinct cluster_id) filter (is_reported) as k_reported,
        count(*) filter (is_member and is_flagged) as n_flagged_members,
        min(lowest_rate) filter (is_reported) as range_low,
        max(highest_rate) filter (is_reported) as range_high,
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
        analyses.scale,
        analyses.shown_as,
        analyses.measure_unit,
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
        pooled.n_studies,
        pooled.n_participants,
        pooled.k_with_n_participants,
        pooled.person_time,
        pooled.k_with_person_time,
        pooled.person_time_unit,
        crude.events,
        crude.total,
        crude.person_years,
        crude.k_crude,
        crude.k_reported,
        crude.n_flagged_members,
        crude.range_low,
        crude.range_high,
        if(fits.is_as_reported, crude.only_ci_low, null) as only_ci_low,
        if(fits.is_as_reported, crude.only_ci_high, null) as only_ci_high,
        if(
            analyses.scale = 'logit',
            proportion_ci_exact(crude.events, crude.total, fits.ci_level),
            rate_ci_exact(crude.events, crude.person_years / analyses.person_years, fits.ci_level)
        ) as exact
    from analyses
    inner join fits on analyses.analysis_id = fits.analysis_id
    inner join policies on fits.policy_id = policies.policy_id
    inner join {{ ref('int_pooled_effects') }} as pooled
        on fits.analysis_id = pooled.analysis_id and fits.policy_id = pooled.policy_id
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
        scale,
        shown_as,
        measure_unit,
        tau2_method,
        ci_method,
        pi_method,
        tau2_ci_method,
        ci_level,
        overlap_handling,
        cast(coalesce(k_reported, 0) as integer) as k_reported,
        cast(coalesce(n_flagged_members, 0) as integer) as n_flagged_members,
        range_low as range_low_rate,
        range_high as range_high_rate,
        cast(coalesce(k_crude, 0) as integer) as k_crude,
        cast(events as bigint) as events,
        cast(total as bigint) as total,
        person_years,
        if(scale = 'logit', 100, 1) * exact.estimate as crude_rate,
        if(scale = 'logit', 100, 1) * exact.ci_low as crude_ci_low_rate,
        if(scale = 'logit', 100, 1) * exact.ci_high as crude_ci_high_rate,
        fit.status as status,
        fit.k as k,
        n_studies,
        n_participants,
        k_with_n_participants,
        person_time,
        k_with_person_time,
        person_time_unit,
        fit.estimate as estimate,
        fit.se as se,
        {{ shown_value('fit.estimate', 'shown_as') }} as pooled_rate,
        coalesce(only_ci_low, {{ shown_value('fit.ci_low', 'shown_as') }}) as ci_low_rate,
        coalesce(only_ci_high, {{ shown_value('fit.ci_high', 'shown_as') }}) as ci_high_rate,
        {{ shown_value('fit.pi_low', 'shown_as') }} as pi_low_rate,
        {{ shown_value('fit.pi_high', 'shown_as') }} as pi_high_rate,
        fit.tau2 as tau2,
        fit.tau2_ci_low as tau2_ci_low,
        fit.tau2_ci_high as tau2_ci_high,
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
