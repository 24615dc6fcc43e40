-- Grain: one row per published claim, count, comparison and sum: what is printed, and what this
-- extraction gives under the conventional method, with the number of meta-analyses on each side.
with

claims as (
    select * from {{ ref('stg_published__claims') }}
),

counts as (
    select
        counts.*,
        ranges.is_rate
    from {{ ref('stg_published__counts') }} as counts
    inner join {{ ref('int_published_count_ranges') }} as ranges
        on counts.count_id = ranges.count_id
),

comparisons as (
    select * from {{ ref('stg_published__comparisons') }}
),

parts as (
    select * from {{ ref('stg_published__parts') }}
),

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

effects as (
    select * from {{ ref('fct_pooled_effects') }}
    where policy_id = 'seed_paper'
),

rates as (
    select * from {{ ref('fct_pooled_rates') }}
    where policy_id = 'seed_paper'
),

recomputed_counts as (
    select * from {{ ref('int_recomputed_counts') }}
),

conditions as (
    select * from {{ ref('stg_vocabulary__conditions') }}
),

-- The meta-analyses behind an analysis of trials.
meta_analyses_of_trials as (
    select
        members.analysis_id,
        count(distinct members.meta_analysis_id) as k
    from {{ ref('fct_analysis_members') }} as members
    inner join analyses on members.analysis_id = analyses.analysis_id and analyses.unit = 'trial'
    where members.is_member and members.policy_id = 'seed_paper'
    group by members.analysis_id
),

-- Analyses with a member known only from the published review itself: recomputing its claims from
-- that would be circular.
circular as (
    select members.analysis_id
    from {{ ref('fct_analysis_members') }} as members
    left join {{ ref('fct_effects') }} as sources
        on members.effect_id = sources.effect_id and members.source_sheet = 'reported_effects'
    left join {{ ref('fct_rates') }} as rate_sources
        on
            members.effect_id = rate_sources.rate_id
            and members.source_sheet = rate_sources.source_sheet
    where members.is_member and members.policy_id = 'seed_paper'
    group by members.analysis_id
    having
        bool_or(
            coalesce(contains(coalesce(sources.flags, rate_sources.flags), 'seed_text_only'), false)
        )
),

claim_rows as (
    select
        claims.claim_id as subject_id,
        'claim' as subject_kind,
        'effect' as quantity,
        claims.section,
        claims.row_number as sort_order,
        coalesce(analyses.label, conditions.label || ': ' || claims.outcome)
        || case claims.claim_kind
            when 'second_order_pool' then ', pooled ' || claims.measure
            when 'largest_meta_analysis' then ', ' || claims.measure || ' of ' || claims.source_ma
            else ', ' || claims.measure || coalesce(' of ' || claims.source_ma, '')
        end as statement,
        claims.measure,
        claims.estimate as published_estimate,
        claims.ci_low as published_ci_low,
        claims.ci_high as published_ci_high,
        claims.p_operator || claims.p_value_printed as published_p,
        claims.k_meta_analyses as published_k,
        analyses.analysis_id,
        {{ display_scale('effects.estimate', 'effects.shown_as') }} as recomputed_estimate,
        {{ display_scale('effects.ci_low', 'effects.shown_as') }} as recomputed_ci_low,
        {{ display_scale('effects.ci_high', 'effects.shown_as') }} as recomputed_ci_high,
        cast(null as double) as recomputed_p,
        effects.k as recomputed_k,
        effects.status as recomputed_status,
        coalesce(analyses.label, claims.claim_id) as label
    from claims
    left join conditions on claims.condition = conditions.code
    left join analyses on claims.claim_id = analyses.claim_id
    left join effects on analyses.analysis_id = effects.analysis_id
),

count_rows as (
    select
        counts.count_id as subject_id,
        'count' as subject_kind,
        case
            when counts.topic = 'amstar' then 'quality'
            when not counts.is_rate then 'collection'
            when counts.interval_kind in ('range', 'largest') then counts.interval_kind
            else 'share'
        end as quantity,
        counts.section,
        1000 + counts.row_number as sort_order,
        case counts.topic
            when 'amstar' then 'AMSTAR'
            when 'grade' then 'GRADE'
            else upper(left(counts.topic, 1)) || substr(counts.topic, 2)
        end
        || coalesce(', ' || lower(left(conditions.label, 1)) || substr(conditions.label, 2), '')
        || ': '
        || replace(
            replace(replace(counts.item, '_', ' '), 'ftf cbt', 'face-to-face CBT'),
            'icbt', 'internet-based CBT'
        )
        || coalesce(' (' || counts.source_ma || ')', '') as statement,
        if(counts.is_rate, 'percent', 'count') as measure,
        coalesce(counts.percent, counts.value, counts.numerator) as published_estimate,
        counts.range_low as published_ci_low,
        counts.range_high as published_ci_high,
        null as published_p,
        counts.k_studies as published_k,
        analyses.analysis_id,
        coalesce(
            case
                -- A range printed without a centre has none to compare with.
                when counts.percent is null then null
                when counts.numerator is null then rates.pooled_rate
                else rates.crude_rate
            end,
            recomputed_counts.recomputed_value
        ) as recomputed_estimate,
        coalesce(
            case
                when counts.interval_kind = 'range' then rates.range_low_rate
                when counts.numerator is not null then rates.crude_ci_low_rate
                else rates.ci_low_rate
            end,
            recomputed_counts.recomputed_low
        ) as recomputed_ci_low,
        coalesce(
            case
                when counts.interval_kind = 'range' then rates.range_high_rate
                when counts.numerator is not null then rates.crude_ci_high_rate
                else rates.ci_high_rate
            end,
            recomputed_counts.recomputed_high
        ) as recomputed_ci_high,
        cast(null as double) as recomputed_p,
        coalesce(
            meta_analyses_of_trials.k,
            case
                when counts.interval_kind = 'range' then rates.k_reported
                when counts.numerator is not null then rates.k_crude
                else rates.k
            end,
            recomputed_counts.recomputed_k
        ) as recomputed_k,
        coalesce(rates.status, if(recomputed_counts.count_id is null, null, 'ok'))
            as recomputed_status
    from counts
    left join conditions on counts.condition = conditions.code
    left join analyses on counts.count_id = analyses.count_id
    left join rates on analyses.analysis_id = rates.analysis_id
    left join meta_analyses_of_trials
        on analyses.analysis_id = meta_analyses_of_trials.analysis_id
    left join recomputed_counts on counts.count_id = recomputed_counts.count_id
),

-- The difference between two pools as printed, and between the same two analyses here.
comparison_rows as (
    select
        comparisons.comparison_id as subject_id,
        'comparison' as subject_kind,
        'comparison' as quantity,
        comparisons.section,
        2000 + comparisons.row_number as sort_order,
        claim_a.label
        || if(comparisons.stated = 'no_difference', ', said to equal: ', ', said to exceed: ')
        || claim_b.label as statement,
        'difference in ' || claim_a.measure as measure,
        claim_a.published_estimate - claim_b.published_estimate as published_estimate,
        cast(null as double) as published_ci_low,
        cast(null as double) as published_ci_high,
        cast(null as varchar) as published_p,
        claim_a.published_k + claim_b.published_k as published_k,
        cast(null as varchar) as analysis_id,
        pool_a.estimate - pool_b.estimate as recomputed_estimate,
        pool_a.estimate - pool_b.estimate
        - {{ z_975() }} * sqrt(pool_a.se ** 2 + pool_b.se ** 2) as recomputed_ci_low,
        pool_a.estimate - pool_b.estimate
        + {{ z_975() }} * sqrt(pool_a.se ** 2 + pool_b.se ** 2) as recomputed_ci_high,
        subgroup_difference([pool_a.estimate, pool_b.estimate], [pool_a.se, pool_b.se]).p_value
            as recomputed_p,
        pool_a.k + pool_b.k as recomputed_k,
        case
            when claim_a.measure != 'SMD' then 'not_recomputed'
            when pool_a.estimate is null or pool_b.estimate is null then 'no_data'
            else 'ok'
        end as recomputed_status
    from comparisons
    inner join claim_rows as claim_a on comparisons.claim_id_a = claim_a.subject_id
    inner join claim_rows as claim_b on comparisons.claim_id_b = claim_b.subject_id
    left join effects as pool_a
        on claim_a.analysis_id = pool_a.analysis_id and pool_a.scale = 'smd'
    left join effects as pool_b
        on claim_b.analysis_id = pool_b.analysis_id and pool_b.scale = 'smd'
),

sum_rows as (
    select
        sums.subject_id,
        'sum' as subject_kind,
        'sum' as quantity,
        sums.section,
        cast(3000 + row_number() over (order by sums.subject_id) as integer) as sort_order,
        -- Without the citation numbers that the quote carries as superscripts.
        'Parts and their whole: ' || regexp_replace(parts.quote, '\^\{[^}]*\}', '', 'g')
            as statement,
        'count' as measure,
        cast(null as double) as published_estimate,
        cast(null as double) as published_ci_low,
        cast(null as double) as published_ci_high,
        cast(null as varchar) as published_p,
        cast(null as bigint) as published_k,
        cast(null as varchar) as analysis_id,
        cast(null as double) as recomputed_estimate,
        cast(null as double) as recomputed_ci_low,
        cast(null as double) as recomputed_ci_high,
        cast(null as double) as recomputed_p,
        cast(null as bigint) as recomputed_k,
        cast(null as varchar) as recomputed_status
    from {{ ref('fct_claim_checks') }} as sums
    inner join parts on sums.subject_id = parts.sum_id and parts.part_kind = 'whole'
    where sums.subject_kind = 'sum'
),

stacked as (
    select * exclude (label) from claim_rows
    union all
    select * from count_rows
    union all
    select * from comparison_rows
    union all
    select * from sum_rows
),

subjects as (
    select
        stacked.* replace (
            if(circular.analysis_id is null, stacked.recomputed_estimate, null)
                as recomputed_estimate,
            if(circular.analysis_id is null, stacked.recomputed_ci_low, null)
                as recomputed_ci_low,
            if(circular.analysis_id is null, stacked.recomputed_ci_high, null)
                as recomputed_ci_high,
            if(circular.analysis_id is null, stacked.recomputed_status, 'circular')
                as recomputed_status
        )
    from stacked
    left join circular on stacked.analysis_id = circular.analysis_id
),

final as (
    select
        subject_id,
        subject_kind,
        quantity,
        section,
        cast(sort_order as integer) as sort_order,
        statement,
        measure,
        published_estimate,
        published_ci_low,
        published_ci_high,
        published_p,
        cast(published_k as integer) as published_k,
        analysis_id,
        recomputed_estimate,
        recomputed_ci_low,
        recomputed_ci_high,
        recomputed_p,
        cast(recomputed_k as integer) as recomputed_k,
        coalesce(recomputed_status, 'not_recomputed') as recomputed_status,
        recomputed_estimate - published_estimate as difference,
        published_estimate between recomputed_ci_low
        and recomputed_ci_high as is_published_inside_recomputed
    from subjects
)

select * from final
order by sort_order
