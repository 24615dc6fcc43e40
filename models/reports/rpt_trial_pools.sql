-- Grain: one row per set of trials: pooled by the recommended policy under the first trial rule of
-- the protocol, with what its meta-analysis reports beside it.
with

rules as (
    select
        rule_id,
        label
    from {{ ref('stg_protocol__trial_rules') }}
    order by sort_order, rule_id
    limit 1
),

pools as (
    select
        trial_pools.*,
        rules.label as rule_label
    from {{ ref('fct_trial_pools') }} as trial_pools
    inner join rules on trial_pools.rule_id = rules.rule_id
    where trial_pools.policy_id = 'recommended' and trial_pools.k > 0
),

comparison as (
    select * from {{ ref('fct_trial_pool_comparison') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

final as (
    select
        pools.trial_set_id,
        pools.meta_analysis_id,
        meta_analyses.citation_label as label,
        meta_analyses.title,
        conditions.label as condition_label,
        pools.subtype,
        outcomes.label as outcome_label,
        pools.timepoint,
        pools.scale,
        scales.short_label as measure,
        scales.decimals,
        pools.rule_label,
        pools.status,
        pools.k,
        pools.n_participants,
        pools.k_with_n_participants,
        pools.person_time,
        pools.k_with_person_time,
        if(
            {{ is_sized_by_time(
                'pools.scale', 'pools.k_with_n_participants', 'pools.k_with_person_time'
            ) }},
            pools.person_time_unit,
            null
        ) as person_time_unit,
        {{ display_scale('pools.estimate', 'scales.shown_as') }} as estimate,
        {{ display_scale('pools.ci_low', 'scales.shown_as') }} as ci_low,
        {{ display_scale('pools.ci_high', 'scales.shown_as') }} as ci_high,
        pools.p_value,
        {{ display_scale('pools.pi_low', 'scales.shown_as') }} as pi_low,
        {{ display_scale('pools.pi_high', 'scales.shown_as') }} as pi_high,
        pools.i2_q as i2_percent,
        pools.egger_p,
        pools.excess_p,
        cast(comparison.reported_k as integer) as reported_k,
        {{ display_scale('comparison.reported_estimate', 'scales.shown_as') }}
            as reported_estimate,
        {{ display_scale('comparison.reported_ci_low', 'scales.shown_as') }}
            as reported_ci_low,
        {{ display_scale('comparison.reported_ci_high', 'scales.shown_as') }}
            as reported_ci_high
    from pools
    inner join comparison on pools.trial_pool_id = comparison.trial_pool_id
    inner join meta_analyses on pools.meta_analysis_id = meta_analyses.meta_analysis_id
    inner join {{ ref('stg_vocabulary__conditions') }} as conditions
        on pools.condition = conditions.code
    inner join {{ ref('stg_protocol__scales') }} as scales on pools.scale = scales.scale
    inner join {{ ref('stg_vocabulary__outcomes') }} as outcomes on pools.outcome = outcomes.code
)

select * from final
order by label, meta_analysis_id, trial_set_id
