-- Grain: one row per pooled result of an analysis of trials that is graded, with what its trials
-- add up to. The largest trial has most participants, then the smallest effect, as metaumbrella
-- has it; where participants are not known of every trial it is the most precise one.
with

pooled as (
    select * from {{ ref('int_pooled_effects') }}
    where policy_id in ('seed_paper', 'recommended') and not {{ is_of_rates('scale') }}
),

fits as (
    select
        analysis_id,
        policy_id,
        unnest(effect_ids) as effect_id,
        unnest(fit.weights) as weight
    from {{ ref('int_pooled_fits') }}
),

candidates as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member and source_sheet = 'primary_studies'
),

trials as (
    select * from {{ ref('int_member_effects') }}
    where source_sheet = 'primary_studies' and not is_rate
),

members as (
    select
        pooled.pooled_id,
        pooled.estimate,
        candidates.*,
        trials.trial,
        trials.n_total,
        trials.n_cases,
        trials.n_intervention,
        trials.n_control,
        nullif(trials.risk_of_bias, 'unclear') as risk_of_bias,
        fits.weight,
        count(trials.n_total) over (partition by pooled.pooled_id)
        = count(*) over (partition by pooled.pooled_id) as are_sizes_known
    from pooled
    inner join candidates on pooled.analysis_id = candidates.analysis_id
    inner join trials on candidates.effect_id = trials.effect_id
    inner join fits
        on
            pooled.analysis_id = fits.analysis_id
            and pooled.policy_id = fits.policy_id
            and candidates.effect_id = fits.effect_id
),

ordered as (
    select
        *,
        row_number() over (
            partition by pooled_id
            order by
                if(are_sizes_known, -n_total, null),
                if(are_sizes_known, abs(yi), vi),
                effect_id
        ) as size_rank
    from members
),

final as (
    select
        pooled_id,
        true as is_of_trials,
        count(*) as n_comparisons,
        sum(n_total) as n_participants,
        bool_and(are_sizes_known) as are_people_known,
        sum(n_cases) as n_cases,
        {{ least_of(['sum(n_intervention)', 'sum(n_control)']) }} as n_smaller_arm,
        any_value(ci_low) filter (size_rank = 1) as largest_ci_low,
        any_value(ci_high) filter (size_rank = 1) as largest_ci_high,
        any_value(effect_id) filter (size_rank = 1) as largest_id,
        any_value(trial) filter (size_rank = 1) as largest_label,
        100 * avg(cast(if(estimate > 0, ci_high < 0, ci_low > 0) as integer))
            as contradicting_share,
        if(
            count(risk_of_bias) > 0,
            100 * coalesce(sum(weight) filter (risk_of_bias = 'low'), 0) / sum(weight),
            null
        ) as low_rob_share
    from ordered
    group by pooled_id
)

select * from final
