-- Grain: one row per condition, class of comparator and guidance; 'any' is all of them together.
with

conditions as (
    select
        condition,
        label as condition_label,
        sort_order
    from {{ ref('dim_analyses') }}
    where analysis_group = 'condition'
),

comparators as (
    select
        unnest(['any', 'inactive', 'active']) as code,
        unnest([1, 2, 3]) as place
),

guidances as (
    select
        unnest(['any', 'guided', 'unguided']) as code,
        unnest([1, 2, 3]) as place
),

cells as (
    select
        conditions.condition,
        conditions.condition_label,
        cast(conditions.sort_order as integer) as sort_order,
        comparators.code as comparator_class,
        guidances.code as guidance,
        cast(comparators.place as integer) as comparator_order,
        cast(guidances.place as integer) as guidance_order
    from conditions
    cross join comparators
    cross join guidances
),

effects as (
    select * from {{ ref('fct_effects') }}
    where is_included and is_poolable and outcome = 'symptom'
),

-- A meta-analysis counts once in a cell, with its largest number of participants.
found as (
    select
        cells.condition,
        cells.comparator_class,
        cells.guidance,
        effects.meta_analysis_id,
        max(effects.n_total) as n_participants
    from cells
    inner join effects
        on
            cells.condition = effects.condition
            and cells.comparator_class in ('any', effects.comparator_class)
            and cells.guidance in ('any', effects.guidance)
    group by all
),

counts as (
    select
        condition,
        comparator_class,
        guidance,
        count(*) as n_meta_analyses,
        count(n_participants) as n_with_participants,
        sum(n_participants) as n_participants
    from found
    group by all
),

pooled as (
    select
        condition,
        coalesce(comparator_class, 'any') as comparator_class,
        coalesce(guidance, 'any') as guidance,
        analysis_id,
        k,
        estimate,
        ci_low,
        ci_high,
        favours,
        status
    from {{ ref('fct_pooled_effects') }}
    where
        policy_id = 'recommended'
        and analysis_group in ('condition', 'comparator', 'guidance')
        and scale = 'smd'
        and condition is not null
        and coalesce(subtype, severity, therapy, analysis_set) is null
),

final as (
    select
        cells.*,
        cast(coalesce(counts.n_meta_analyses, 0) as integer) as n_meta_analyses,
        cast(coalesce(counts.n_with_participants, 0) as integer) as n_with_participants,
        cast(counts.n_participants as bigint) as n_participants,
        pooled.analysis_id,
        pooled.k,
        if(pooled.k > 1, pooled.estimate, null) as estimate,
        if(pooled.k > 1, pooled.ci_low, null) as ci_low,
        if(pooled.k > 1, pooled.ci_high, null) as ci_high,
        if(pooled.k > 1, pooled.favours, null) as favours,
        coalesce(pooled.status, 'no_analysis') as status
    from cells
    left join counts
        on
            cells.condition = counts.condition
            and cells.comparator_class = counts.comparator_class
            and cells.guidance = counts.guidance
    left join pooled
        on
            cells.condition = pooled.condition
            and cells.comparator_class = pooled.comparator_class
            and cells.guidance = pooled.guidance
)

select * from final
