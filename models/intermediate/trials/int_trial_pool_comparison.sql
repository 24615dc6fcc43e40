-- Grain: one row per pool of trials: the effect that its meta-analysis reports beside it. Of the
-- reported effects with the same condition, outcome and time and without a restriction, the one of
-- the same subtype goes first, then the main pool, then most comparisons, then the identifier.
with

pools as (
    select * from {{ ref('int_trial_pools') }}
),

effects as (
    select
        effect_id,
        meta_analysis_id,
        condition,
        subtype,
        outcome,
        timepoint,
        scope,
        n_comparisons,
        own_scale as scale,
        {{ own_effect('yi', 'effects') }} as estimate,
        {{ own_effect('ci_low', 'effects') }} as ci_low,
        {{ own_effect('ci_high', 'effects') }} as ci_high
    from {{ ref('int_effects') }} as effects
    where
        restriction is null
        and {{ own_effect('yi', 'effects') }} is not null
),

sets as (
    select distinct
        trial_set_id,
        meta_analysis_id,
        condition,
        subtype,
        outcome,
        timepoint,
        scale
    from pools
),

ranked as (
    select
        sets.trial_set_id,
        effects.effect_id,
        effects.n_comparisons,
        effects.estimate,
        effects.ci_low,
        effects.ci_high,
        row_number() over (
            partition by sets.trial_set_id
            order by
                coalesce(effects.subtype, '') = coalesce(sets.subtype, '') desc,
                effects.scope = 'overall' desc,
                effects.n_comparisons desc nulls last,
                effects.effect_id
        ) as choice_rank
    from sets
    inner join effects
        on
            sets.meta_analysis_id = effects.meta_analysis_id
            and sets.condition = effects.condition
            and sets.outcome = effects.outcome
            and sets.timepoint = effects.timepoint
            and sets.scale = effects.scale
    where sets.subtype is null or sets.subtype = effects.subtype
),

matched as (
    select * from ranked
    where choice_rank = 1
),

known as (
    select meta_analysis_id from {{ ref('stg_extraction__meta_analyses') }}
),

final as (
    select
        pools.trial_pool_id,
        pools.trial_set_id,
        pools.rule_id,
        pools.policy_id,
        pools.meta_analysis_id,
        pools.scale,
        matched.effect_id as reported_effect_id,
        case
            when known.meta_analysis_id is null then 'the source is no meta-analysis of the sheets'
            when matched.effect_id is null
                then 'no reported effect of this condition, outcome, subtype and scale'
            when pools.estimate is null then 'no pool of trials: ' || pools.status
            else 'ok'
        end as status,
        pools.k,
        pools.n_rows_used,
        matched.n_comparisons as reported_k,
        pools.n_rows_used = matched.n_comparisons as is_same_k,
        pools.estimate,
        pools.ci_low,
        pools.ci_high,
        matched.estimate as reported_estimate,
        matched.ci_low as reported_ci_low,
        matched.ci_high as reported_ci_high,
        pools.estimate - matched.estimate as difference,
        pools.estimate between matched.ci_low and matched.ci_high as is_within_reported_ci,
        matched.estimate between pools.ci_low and pools.ci_high as is_reported_within_ci,
        (pools.ci_high - pools.ci_low) / nullif(matched.ci_high - matched.ci_low, 0)
            as ci_width_ratio
    from pools
    left join known on pools.meta_analysis_id = known.meta_analysis_id
    left join matched on pools.trial_set_id = matched.trial_set_id
)

select * from final
order by trial_pool_id
