-- Grain: one row per set of trials (an outcome of a meta-analysis), rule and policy. A set without
-- a usable trial keeps its row.
with

fits as (
    select * from {{ ref('int_trial_pool_fits') }}
),

rules as (
    select * from {{ ref('stg_protocol__trial_rules') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

sets as (
    select
        trial_set_id,
        rule_id,
        any_value(meta_analysis_id) as meta_analysis_id,
        any_value(dataset) as dataset,
        any_value(condition) as condition,
        any_value(subtype) as subtype,
        any_value(outcome) as outcome,
        any_value(timepoint) as timepoint,
        count(*) as n_rows,
        count_if(is_member) as n_rows_used,
        count(distinct trial_id) as n_trials_listed
    from {{ ref('int_trial_candidates') }}
    group by trial_set_id, rule_id
),

members as (
    select * from {{ ref('int_trial_members') }}
    where status = 'ok'
),

-- What the size of a trial is: its participants, else its person-time, else its cases; in a set
-- what is known of most trials.
measured as (
    select
        *,
        unnest([
            {'measure': 'participants', 'size': cast(n_participants as double), 'rank': 1},
            {'measure': 'person-time', 'size': person_time, 'rank': 2},
            {'measure': 'cases', 'size': cast(n_cases as double), 'rank': 3}
        ]) as measured
    from members
),

sizes as (
    select
        *,
        measured.measure as measure,
        measured.size as size,
        measured.rank as rank
    from measured
),

set_sizes as (
    select distinct on (trial_set_id, rule_id)
        trial_set_id,
        rule_id,
        measure
    from sizes
    group by trial_set_id, rule_id, measure, rank
    having count(size) > 0
    order by trial_set_id, rule_id, count(size) desc, rank
),

-- The largest trial, then the smallest effect, as metaumbrella has it.
largest as (
    select distinct on (sizes.trial_set_id, sizes.rule_id)
        sizes.trial_set_id,
        sizes.rule_id,
        sizes.trial,
        sizes.size,
        sizes.measure,
        sizes.yi,
        sizes.vi
    from sizes
    inner join set_sizes
        on
            sizes.trial_set_id = set_sizes.trial_set_id
            and sizes.rule_id = set_sizes.rule_id
            and sizes.measure = set_sizes.measure
    where sizes.size is not null
    order by
        sizes.trial_set_id, sizes.rule_id, sizes.size desc, abs(sizes.yi), sizes.first_row
),

totals as (
    select
        trial_set_id,
        rule_id,
        sum(n_participants) as n_participants,
        count(n_participants) as k_with_n_participants,
        sum(person_time) as person_time,
        count(person_time) as k_with_person_time,
        sum(n_cases) as n_cases,
        count(n_cases) as k_with_n_cases,
        count(risk_of_bias) filter (risk_of_bias != 'unclear') as k_with_risk_of_bias,
        count_if(n_rows > 1) as k_aggregated
    from members
    group by trial_set_id, rule_id
),

weights as (
    select
        trial_set_id,
        rule_id,
        policy_id,
        unnest(fit.weights) as weight,
        unnest(risks_of_bias) as risk_of_bias,
        unnest(yis) as yi,
        unnest(vis) as vi,
        fit.estimate as estimate
    from fits
),

shares as (
    select
        trial_set_id,
        rule_id,
        policy_id,
        100 * coalesce(sum(weight) filter (risk_of_bias = 'low'), 0) as low_risk_weight_percent,
        100 * avg(
            if(sign(estimate) * yi + {{ z_975() }} * sqrt(vi) < 0, 1, 0)
        ) as contradicting_percent
    from weights
    group by trial_set_id, rule_id, policy_id
),

final as (
    select
        fits.trial_set_id || ':' || fits.rule_id || ':' || fits.policy_id as trial_pool_id,
        fits.trial_set_id,
        fits.rule_id,
        fits.policy_id,
        sets.meta_analysis_id,
        sets.dataset,
        sets.condition,
        sets.subtype,
        sets.outcome,
        sets.timepoint,
        fits.set_scale as scale,
        rules.selection,
        rules.rho,
        rules.variance_form,
        rules.correction,
        fits.tau2_method,
        fits.ci_method,
        fits.pi_method,
        fits.ci_level,
        fits.fit.status as status,
        fits.fit.k as k,
        cast(sets.n_trials_listed as integer) as n_trials_listed,
        cast(sets.n_rows as integer) as n_rows,
        cast(sets.n_rows_used as integer) as n_rows_used,
        cast(coalesce(totals.k_aggregated, 0) as integer) as k_aggregated,
        cast(totals.n_participants as bigint) as n_participants,
        cast(coalesce(totals.k_with_n_participants, 0) as integer) as k_with_n_participants,
        cast(totals.person_time as double) as person_time,
        cast(coalesce(totals.k_with_person_time, 0) as integer) as k_with_person_time,
        if(totals.k_with_person_time > 0, times.person_time_unit, null) as person_time_unit,
        cast(totals.n_cases as bigint) as n_cases,
        cast(coalesce(totals.k_with_n_cases, 0) as integer) as k_with_n_cases,
        fits.fit.estimate as estimate,
        fits.fit.se as se,
        fits.fit.ci_low as ci_low,
        fits.fit.ci_high as ci_high,
        fits.fit.p_value as p_value,
        case
            when not {{ is_pooled('fits.fit.status') }} then fits.fit.status
            when fits.fit.pi_low is not null then 'ok'
            when fits.pi_method = 'none' then 'the policy asks for none'
            when fits.tau2_method = 'CE' then 'none without between-study variance'
            else 'too_few_studies'
        end as pi_status,
        fits.fit.pi_low as pi_low,
        fits.fit.pi_high as pi_high,
        fits.fit.tau2 as tau2,
        fits.fit.tau2_ci_low as tau2_ci_low,
        fits.fit.tau2_ci_high as tau2_ci_high,
        fits.fit.q as q,
        cast(fits.fit.q_df as integer) as q_df,
        fits.fit.q_p as q_p,
        fits.fit.i2_q as i2_q,
        fits.fit.i2_tau2 as i2_tau2,
        if(starts_with(fits.set_scale, 'log_'), exp(fits.fit.estimate), null) as ratio,
        if(starts_with(fits.set_scale, 'log_'), exp(fits.fit.ci_low), null) as ratio_ci_low,
        if(starts_with(fits.set_scale, 'log_'), exp(fits.fit.ci_high), null) as ratio_ci_high,
        if(starts_with(fits.set_scale, 'log_'), exp(fits.fit.pi_low), null) as ratio_pi_low,
        if(starts_with(fits.set_scale, 'log_'), exp(fits.fit.pi_high), null) as ratio_pi_high,
        fits.egger.status as egger_status,
        fits.egger.bias as egger_slope,
        fits.egger.p_value as egger_p,
        fits.excess.status as excess_status,
        fits.excess.observed as excess_observed,
        fits.excess.expected as excess_expected,
        fits.excess.p_chi2 as excess_p,
        fits.excess.p_exact as excess_p_exact,
        fits.excess.tess_psst_p_bonferroni as excess_tess_psst_p,
        fits.esb.status as esb_status,
        fits.esb.observed as esb_observed,
        fits.esb.expected as esb_expected,
        fits.esb.p_smaller as esb_p,
        if(fits.has_trim_and_fill, fits.filled.status, 'method_not_available')
            as trim_and_fill_status,
        fits.filled.k0 as trim_and_fill_k0,
        fits.filled.estimate as trim_and_fill_estimate,
        fits.filled.ci_low as trim_and_fill_ci_low,
        fits.filled.ci_high as trim_and_fill_ci_high,
        fits.without.status as jackknife_status,
        list_max(fits.without.p_value) as jackknife_largest_p,
        case
            when fits.fit.k = 0 then 'no_data'
            when largest.trial is null then 'no trial with its participants, person-time or cases'
            else 'ok'
        end as largest_trial_status,
        largest.trial as largest_trial,
        largest.size as largest_trial_size,
        largest.measure as largest_trial_size_measure,
        largest.yi as largest_trial_estimate,
        largest.yi - {{ z_975() }} * sqrt(largest.vi) as largest_trial_ci_low,
        largest.yi + {{ z_975() }} * sqrt(largest.vi) as largest_trial_ci_high,
        cast(coalesce(totals.k_with_risk_of_bias, 0) as integer) as k_with_risk_of_bias,
        case when totals.k_with_risk_of_bias > 0 then shares.low_risk_weight_percent end
            as low_risk_weight_percent,
        case when {{ is_pooled('fits.fit.status') }} then shares.contradicting_percent end
            as contradicting_percent
    from fits
    inner join sets
        on fits.trial_set_id = sets.trial_set_id and fits.rule_id = sets.rule_id
    inner join rules on fits.rule_id = rules.rule_id
    inner join policies on fits.policy_id = policies.policy_id
    left join {{ ref('int_trial_times') }} as times on sets.outcome = times.outcome
    left join totals
        on fits.trial_set_id = totals.trial_set_id and fits.rule_id = totals.rule_id
    left join largest
        on fits.trial_set_id = largest.trial_set_id and fits.rule_id = largest.rule_id
    left join shares
        on
            fits.trial_set_id = shares.trial_set_id
            and fits.rule_id = shares.rule_id
            and fits.policy_id = shares.policy_id
    order by fits.trial_set_id, rules.sort_order, policies.sort_order
)

select * from final
