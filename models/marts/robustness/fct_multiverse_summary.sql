-- Grain: one row per analysis of effects: how far its result hangs on choices that could have been
-- made otherwise.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
    where scale != 'logit'
),

specifications as (
    select * exclude (effect_ids) from {{ ref('fct_multiverse') }}
),

member_sets as (
    select
        analysis_id,
        count(distinct member_set) as n
    from {{ ref('int_multiverse_sets') }}
    group by analysis_id
),

prespecified as (
    select * from specifications
    where is_prespecified
),

-- The choice whose options differ most in their mean estimate.
strongest as (
    select distinct
        analysis_id,
        choice,
        difference_of_means as difference
    from {{ ref('fct_multiverse_choices') }}
    where choice_rank = 1
),

different_results as (
    select distinct
        analysis_id,
        estimate,
        ci_low,
        ci_high,
        side
    from specifications
    where is_pooled and doubtful_choice is null and side is not null
),

results as (
    select
        analysis_id,
        count(*) as n,
        count_if(side = 'above') as n_intervention,
        count_if(side = 'neither') as n_neither,
        count_if(side = 'below') as n_control
    from different_results
    group by analysis_id
),

counted as (
    select
        specifications.analysis_id,
        count(*) as n_specifications,
        count(specifications.estimate) as n_with_estimate,
        count(specifications.side) as n_with_interval,
        min(specifications.estimate) as estimate_min,
        quantile_cont(specifications.estimate, 0.25) as estimate_q1,
        median(specifications.estimate) as estimate_median,
        quantile_cont(specifications.estimate, 0.75) as estimate_q3,
        max(specifications.estimate) as estimate_max,
        min(specifications.ci_low) as ci_low_min,
        max(specifications.ci_high) as ci_high_max,
        count_if(sign(specifications.estimate) = sign(prespecified.estimate)) as n_same_sign,
        count_if(specifications.side = prespecified.side) as n_same_side,
        count_if(specifications.side = 'above') as n_above,
        count_if(specifications.side = 'neither') as n_neither,
        count_if(specifications.side = 'below') as n_below,
        count_if(
            specifications.estimate is not null and specifications.doubtful_choice is not null
        ) as n_doubtful,
        count_if(specifications.cohen_band = prespecified.cohen_band) as n_same_band
    from specifications
    left join prespecified on specifications.analysis_id = prespecified.analysis_id
    group by specifications.analysis_id
),

final as (
    select
        analyses.analysis_id,
        analyses.label as analysis_label,
        analyses.analysis_group,
        analyses.scale,
        case
            when prespecified.analysis_id is null then 'prespecified_not_among_choices'
            when counted.n_with_estimate = 0 then 'no_data'
            when prespecified.estimate is null then 'prespecified_' || prespecified.status
            else 'ok'
        end as status,
        coalesce(counted.n_specifications, 0) as n_specifications,
        coalesce(member_sets.n, 0) as n_member_sets,
        coalesce(counted.n_with_estimate, 0) as n_with_estimate,
        coalesce(counted.n_with_interval, 0) as n_with_interval,
        cast(coalesce(counted.n_doubtful, 0) as bigint) as n_doubtful,
        coalesce(results.n, 0) as n_results,
        cast(coalesce(results.n_intervention, 0) as bigint) as n_results_above,
        cast(coalesce(results.n_neither, 0) as bigint) as n_results_neither,
        cast(coalesce(results.n_control, 0) as bigint) as n_results_below,
        prespecified.estimate,
        prespecified.ci_low,
        prespecified.ci_high,
        prespecified.side,
        counted.estimate_min,
        counted.estimate_q1,
        counted.estimate_median,
        counted.estimate_q3,
        counted.estimate_max,
        counted.ci_low_min,
        counted.ci_high_max,
        if(prespecified.estimate is null, null, counted.n_same_sign)
        / nullif(counted.n_with_estimate, 0) as share_same_sign,
        if(prespecified.side is null, null, counted.n_same_side)
        / nullif(counted.n_with_interval, 0) as share_same_side,
        counted.n_above / nullif(counted.n_with_interval, 0)
            as share_above,
        counted.n_neither / nullif(counted.n_with_interval, 0) as share_neither,
        counted.n_below / nullif(counted.n_with_interval, 0) as share_below,
        if(prespecified.cohen_band is null, null, counted.n_same_band)
        / nullif(counted.n_with_estimate, 0) as share_same_band,
        if(strongest.difference > 1e-12, strongest.choice, null) as strongest_choice,
        strongest.difference as strongest_difference
    from analyses
    left join counted on analyses.analysis_id = counted.analysis_id
    left join member_sets on analyses.analysis_id = member_sets.analysis_id
    left join results on analyses.analysis_id = results.analysis_id
    left join prespecified on analyses.analysis_id = prespecified.analysis_id
    left join strongest on analyses.analysis_id = strongest.analysis_id
)

select * from final
order by analysis_id
