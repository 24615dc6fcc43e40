{%- set map_filters = ['comparator_class', 'guidance'] -%}
-- Grain: one row per headline analysis of a whole condition, class of comparator and guidance;
-- 'any' is all of them together.
with

headlines as (
    select
        analysis_id as headline_id,
        headline_label,
        condition,
        outcome,
        scale,
        scale_short_label,
        decimals,
        shown_as,
        measure_unit,
        person_time_unit as time_of_headline,
        sort_order
    from {{ ref('dim_analyses') }}
    where is_headline and is_whole_condition
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

crossed as (
    select
        headlines.* replace (cast(headlines.sort_order as integer) as sort_order),
        comparators.code as comparator_class,
        guidances.code as guidance,
        guidances.label as guidance_label,
        cast(comparators.place as integer) as comparator_order,
        cast(guidances.place as integer) as guidance_order
    from headlines
    cross join comparators
    cross join guidances
),

effects as (
    select
        meta_analysis_id,
        condition,
        outcome,
        own_scale,
        yi_smd is not null as has_smd,
        comparator_class,
        guidance,
        n_total
    from {{ ref('fct_effects') }}
    where is_included and is_poolable

    union all by name

    select
        rates.meta_analysis_id,
        rates.condition,
        rates.outcome,
        rates.scale as own_scale,
        false as has_smd,
        rates.comparator_class,
        rates.guidance,
        rates.total as n_total,
        rates.person_time * {{ years_of_time('rates.rate_unit') }} as person_years
    from {{ ref('fct_rates') }} as rates
    inner join {{ ref('dim_meta_analyses') }} as meta_analyses
        on rates.meta_analysis_id = meta_analyses.meta_analysis_id
    where
        meta_analyses.eligibility = 'included'
        and rates.is_poolable
        and rates.arm in ({{ arms_taken_where_open() }})
),

-- The columns are those that tell rows of this review apart.
shown as (
    select effects.*
    from effects
    inner join headlines
        on effects.condition = headlines.condition and effects.outcome = headlines.outcome
),

counted as (
    select
        comparator_class,
        guidance,
        count(*) over () as n,
        count(*) over (partition by comparator_class) as n_of_class,
        count(*) over (partition by guidance) as n_of_guidance
    from shown
),

known as (
    select
        list(distinct comparator_class) filter (n_of_class < n) as comparator_class_codes,
        list(distinct guidance) filter (n_of_guidance < n) as guidance_codes
    from counted
),

cells as (
    select crossed.*
    from crossed
    cross join known
    where
        (
            crossed.comparator_class = 'any'
            or coalesce(
                list_contains(known.comparator_class_codes, crossed.comparator_class), false
            )
        )
        and (
            crossed.guidance = 'any'
            or coalesce(list_contains(known.guidance_codes, crossed.guidance), false)
        )
),

-- A meta-analysis counts once in a cell, with its largest number of participants, or person-time.
found as (
    select
        cells.headline_id,
        cells.comparator_class,
        cells.guidance,
        effects.meta_analysis_id,
        max(effects.n_total) as n_participants,
        max(effects.person_years / {{ years_of_time('cells.measure_unit') }}) as person_time
    from cells
    inner join effects
        on
            cells.condition = effects.condition
            and cells.outcome = effects.outcome
            and (
                cells.scale = effects.own_scale
                or (cells.scale = 'smd' and effects.has_smd)
            )
            and cells.comparator_class in ('any', effects.comparator_class)
            and cells.guidance in ('any', effects.guidance)
    group by all
),

counts as (
    select
        headline_id,
        comparator_class,
        guidance,
        count(*) as n_meta_analyses,
        count(n_participants) as n_with_participants,
        sum(n_participants) as n_participants,
        count(person_time) as n_with_person_time,
        sum(person_time) as person_time
    from found
    group by all
),

results as (
    select
        pooled.analysis_id,
        pooled.k,
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ display_scale('pooled.' ~ value, 'analyses.shown_as') }} as {{ value }},
        {%- endfor %}
        pooled.side,
        pooled.status
    from {{ ref('fct_pooled_effects') }} as pooled
    inner join {{ ref('dim_analyses') }} as analyses on pooled.analysis_id = analyses.analysis_id
    where pooled.policy_id = 'recommended'

    union all by name

    select
        analysis_id,
        k,
        pooled_rate as estimate,
        ci_low_rate as ci_low,
        ci_high_rate as ci_high,
        status
    from {{ ref('fct_pooled_rates') }}
    where policy_id = 'recommended'
),

-- The headline, or a subgroup of its condition by what the map shows and nothing else.
pooled as (
    select
        headlines.headline_id,
        coalesce(analyses.comparator_class, 'any') as comparator_class,
        coalesce(analyses.guidance, 'any') as guidance,
        results.*,
        {{ has_verdict('results.k') }} as has_verdict
    from headlines
    inner join {{ ref('dim_analyses') }} as analyses
        on
            headlines.condition = analyses.condition
            and headlines.outcome = analyses.outcome
            and headlines.scale = analyses.scale
    inner join results on analyses.analysis_id = results.analysis_id
    where
        analyses.selection is null
        and {{ filters_are_open('analyses', map_filters) }}
    qualify
        row_number() over (
            partition by headlines.headline_id, analyses.comparator_class, analyses.guidance
            order by
                analyses.analysis_id = headlines.headline_id desc,
                analyses.sort_order, analyses.analysis_id
        ) = 1
),

-- Where a cell leads: the first forest of its condition that has its analysis as a block.
drawn as (
    select
        forests.block_id as analysis_id,
        figures.condition,
        arg_min(figures.slug, (figures.sort_order, figures.figure_id)) as figure_slug
    from {{ ref('rpt_forest') }} as forests
    inner join {{ ref('dim_figures') }} as figures on forests.figure_id = figures.figure_id
    group by all
),

certainty as (
    {{ certainty_of_pools() }}
),

final as (
    select
        cells.* exclude (outcome, scale, shown_as, measure_unit, time_of_headline),
        cast(coalesce(counts.n_meta_analyses, 0) as integer) as n_meta_analyses,
        cast(coalesce(counts.n_with_participants, 0) as integer) as n_with_participants,
        cast(counts.n_participants as bigint) as n_participants,
        cast(coalesce(counts.n_with_person_time, 0) as integer) as n_with_person_time,
        counts.person_time,
        if(
            {{ is_sized_by_time(
                'cells.scale', 'coalesce(counts.n_with_participants, 0)',
                'coalesce(counts.n_with_person_time, 0)'
            ) }},
            cells.time_of_headline,
            null
        ) as person_time_unit,
        pooled.analysis_id,
        pooled.k,
        if(pooled.k > 1, pooled.estimate, null) as estimate,
        if(pooled.k > 1, pooled.ci_low, null) as ci_low,
        if(pooled.k > 1, pooled.ci_high, null) as ci_high,
        if(pooled.k > 1 and pooled.has_verdict, pooled.side, null) as side,
        if(pooled.k > 1, pooled.has_verdict, null) as has_verdict,
        coalesce(pooled.status, 'no_analysis') as status,
        if(pooled.k > 1, certainty.certainty, null) as certainty,
        if(pooled.k > 1, certainty.certainty_kind, null) as certainty_kind,
        if(pooled.k > 1, certainty.certainty_symbol, null) as certainty_symbol,
        pages.slug as page_slug,
        drawn.figure_slug
    from cells
    left join counts
        on
            cells.headline_id = counts.headline_id
            and cells.comparator_class = counts.comparator_class
            and cells.guidance = counts.guidance
    left join pooled
        on
            cells.headline_id = pooled.headline_id
            and cells.comparator_class = pooled.comparator_class
            and cells.guidance = pooled.guidance
    left join certainty on pooled.analysis_id = certainty.analysis_id
    left join {{ ref('dim_condition_pages') }} as pages on cells.condition = pages.condition
    left join drawn
        on pooled.analysis_id = drawn.analysis_id and cells.condition = drawn.condition
)

select * from final
