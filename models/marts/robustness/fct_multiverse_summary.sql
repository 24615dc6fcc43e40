-- Grain: one row per analysis: how far its result hangs on choices that could have been made
-- otherwise; rates on the logit scale, which have no side.
with

analyses as (
    select
        *,
        {{ is_of_rates('scale') }} as is_rate
    from {{ ref('stg_protocol__analyses') }}
),

specifications as (
    select * from {{ ref('fct_multiverse') }}
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
    where is_pooled and doubtful_choice is null and ci_low is not null
),

results as (
    select
        different_results.analysis_id,
        count(*) as n,
        count_if(different_results.side = 'above') as n_above,
        count_if(different_results.side = 'neither') as n_neither,
        count_if(different_results.side = 'below') as n_below,
        count_if(
            different_results.estimate between prespecified.ci_low and prespecified.ci_high
        ) as n_within_interval
    from different_results
    left join prespecified on different_results.analysis_id = prespecified.analysis_id
    group by different_results.analysis_id
),

counted as (
    select
        specifications.analysis_id,
        count(*) as n_specifications,
        count(specifications.estimate) as n_with_estimate,
        count(specifications.ci_low) as n_with_interval,
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
        {%- for side in ['above', 'neither', 'below'] %}
        if(analyses.is_rate, null, cast(coalesce(results.n_{{ side }}, 0) as bigint))
            as n_results_{{ side }},
        {%- endfor %}
        if(
            prespecified.ci_low is null,
            null,
            cast(coalesce(results.n_within_interval, 0) as bigint)
        ) as n_results_within_interval,
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
        if(prespecified.estimate is null or analyses.is_rate, null, counted.n_same_sign)
        / nullif(counted.n_with_estimate, 0) as share_same_sign,
        if(prespecified.side is null, null, counted.n_same_side)
        / nullif(counted.n_with_interval, 0) as share_same_side,
        {%- for side in ['above', 'neither', 'below'] %}
        if(analyses.is_rate, null, counted.n_{{ side }}) / nullif(counted.n_with_interval, 0)
            as share_{{ side }},
        {%- endfor %}
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
