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
        case pools.scale
            when 'smd' then 'SMD'
            when 'mean_difference' then 'MD'
            when 'fisher_z' then 'Fisher''s z'
            when 'log_odds_ratio' then 'OR'
            when 'log_risk_ratio' then 'RR'
            when 'log_hazard_ratio' then 'HR'
            when 'log_incidence_rate_ratio' then 'IRR'
            else pools.scale
        end as measure,
        pools.rule_label,
        pools.status,
        pools.k,
        pools.n_participants,
        pools.k_with_n_participants,
        coalesce(pools.ratio, pools.estimate) as estimate,
        if(pools.ratio is null, pools.ci_low, pools.ratio_ci_low) as ci_low,
        if(pools.ratio is null, pools.ci_high, pools.ratio_ci_high) as ci_high,
        pools.p_value,
        if(pools.ratio is null, pools.pi_low, pools.ratio_pi_low) as pi_low,
        if(pools.ratio is null, pools.pi_high, pools.ratio_pi_high) as pi_high,
        pools.i2_q as i2_percent,
        pools.egger_p,
        pools.excess_p,
        cast(comparison.reported_k as integer) as reported_k,
        if(pools.ratio is null, comparison.reported_estimate, exp(comparison.reported_estimate))
            as reported_estimate,
        if(pools.ratio is null, comparison.reported_ci_low, exp(comparison.reported_ci_low))
            as reported_ci_low,
        if(pools.ratio is null, comparison.reported_ci_high, exp(comparison.reported_ci_high))
            as reported_ci_high
    from pools
    inner join comparison on pools.trial_pool_id = comparison.trial_pool_id
    inner join meta_analyses on pools.meta_analysis_id = meta_analyses.meta_analysis_id
    inner join {{ ref('stg_vocabulary__conditions') }} as conditions
        on pools.condition = conditions.code
    inner join {{ ref('stg_vocabulary__outcomes') }} as outcomes on pools.outcome = outcomes.code
)

select * from final
order by label, meta_analysis_id, trial_set_id
