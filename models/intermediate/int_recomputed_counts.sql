-- Grain: one row per published count of the corpus that this extraction can recompute.
with

meta_analyses as (
    select
        meta_analyses.*,
        amstar.score as amstar_score,
        amstar.band as amstar_band
    from {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
    left join {{ ref('int_amstar_scores') }} as amstar
        on meta_analyses.meta_analysis_id = amstar.meta_analysis_id
    where meta_analyses.eligibility = 'included'
),

counts as (
    select * from {{ ref('stg_published__counts') }}
),

totals as (
    select
        count(*) as n_included,
        min(n_trials) as min_trials,
        max(n_trials) as max_trials,
        count(n_trials) as k_trials,
        min(n_participants) as min_participants,
        max(n_participants) as max_participants,
        count(n_participants) as k_participants,
        median(amstar_score) as median_amstar,
        count(amstar_score) as k_amstar,
        count_if(amstar_band = 'high') as n_high,
        count_if(amstar_band = 'medium') as n_medium
    from meta_analyses
),

shares as (
    select
        *,
        proportion_ci_exact(n_high, k_amstar, 0.95) as high,
        proportion_ci_exact(n_medium, k_amstar, 0.95) as medium
    from totals
),

of_collection as (
    select
        counts.count_id,
        case
            when counts.topic = 'flow' and counts.item = 'meta_analyses_included'
                then shares.n_included
            when counts.topic = 'amstar' and counts.item = 'median_score' then shares.median_amstar
            when counts.topic = 'amstar' and counts.item = 'high'
                then 100 * shares.high.estimate
            when counts.topic = 'amstar' and counts.item = 'medium'
                then 100 * shares.medium.estimate
        end as recomputed_value,
        case
            when counts.item = 'trials_per_meta_analysis' then shares.min_trials
            when counts.item = 'participants_per_meta_analysis' then shares.min_participants
            when counts.topic = 'amstar' and counts.item = 'high' then 100 * shares.high.ci_low
            when counts.topic = 'amstar' and counts.item = 'medium' then 100 * shares.medium.ci_low
        end as recomputed_low,
        case
            when counts.item = 'trials_per_meta_analysis' then shares.max_trials
            when counts.item = 'participants_per_meta_analysis' then shares.max_participants
            when counts.topic = 'amstar' and counts.item = 'high' then 100 * shares.high.ci_high
            when counts.topic = 'amstar' and counts.item = 'medium' then 100 * shares.medium.ci_high
        end as recomputed_high,
        case
            when counts.topic = 'flow' then shares.n_included
            when counts.topic = 'amstar' then shares.k_amstar
            when counts.item = 'trials_per_meta_analysis' then shares.k_trials
            when counts.item = 'participants_per_meta_analysis' then shares.k_participants
        end as recomputed_k
    from counts
    cross join shares
    where
        counts.item in (
            'meta_analyses_included', 'trials_per_meta_analysis', 'participants_per_meta_analysis'
        )
        or (counts.topic = 'amstar' and counts.item in ('median_score', 'high', 'medium'))
),

-- How far the first of two rates lies below the second, over the pairs.
of_pairs as (
    select
        count_id,
        cast(null as double) as recomputed_value,
        min(-relative_change_percent) as recomputed_low,
        max(-relative_change_percent) as recomputed_high,
        count(distinct unit_id) as recomputed_k
    from {{ ref('int_rate_pairs') }}
    where count_id is not null and relative_change_percent is not null
    group by count_id
),

final as (
    select * from of_collection
    union all
    select * from of_pairs
)

select * from final
