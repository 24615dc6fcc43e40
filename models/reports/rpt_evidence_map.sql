{%- set map_filters = ['comparator_class', 'guidance'] -%}
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
        'any' as code,
        'Any' as label,
        1 as place

    union all

    select
        code,
        label,
        if(role = 'guided', 2, 3) as place
    from {{ ref('stg_vocabulary__guidances') }}
    where role in ('guided', 'unguided')
),

cells as (
    select
        conditions.condition,
        conditions.condition_label,
        cast(conditions.sort_order as integer) as sort_order,
        comparators.code as comparator_class,
        guidances.code as guidance,
        guidances.label as guidance_label,
        cast(comparators.place as integer) as comparator_order,
        cast(guidances.place as integer) as guidance_order
    from conditions
    cross join comparators
    cross join guidances
),

effects as (
    select * from {{ ref('fct_effects') }}
    where
        is_included
        and is_poolable
        and outcome in {{ codes_of('outcomes', ['symptom']) }}
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

-- The whole condition, or a subgroup by what the map shows and nothing else.
pooled as (
    select
        analyses.condition,
        coalesce(analyses.comparator_class, 'any') as comparator_class,
        coalesce(analyses.guidance, 'any') as guidance,
        pooled.analysis_id,
        pooled.k,
        pooled.estimate,
        pooled.ci_low,
        pooled.ci_high,
        pooled.side,
        pooled.status
    from {{ ref('dim_analyses') }} as analyses
    inner join {{ ref('fct_pooled_effects') }} as pooled
        on analyses.analysis_id = pooled.analysis_id
    where
        pooled.policy_id = 'recommended'
        {%- for column in subgroup_filters() if column not in map_filters %}
        and {{ filter_is_open(column, 'analyses') }}
        {%- endfor %}
        and analyses.condition is not null
        and analyses.scale = 'smd'
        and analyses.analysis_group in ('condition', 'comparator', 'guidance')
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
        if(pooled.k > 1, pooled.side, null) as side,
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
