-- Grain: one row per drawn line of a figure of effects over months: what is pooled, each effect at
-- follow-up by its months, and the change within meta-analyses that give both times.
with

blocks as (
    select
        figures.figure_id,
        figures.condition as figure_condition,
        analyses.analysis_id,
        analyses.timepoint,
        analyses.months_band,
        analyses.shown_as,
        analyses.condition_label
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as block_rows
        on figures.figure_id = block_rows.figure_id
    inner join {{ ref('dim_analyses') }} as analyses
        on block_rows.analysis_id = analyses.analysis_id
    where figures.figure_kind = 'months'
),

bands as (
    select
        band,
        label,
        lower_bound
    from {{ ref('stg_protocol__months_bands') }}
),

pooled as (
    select
        blocks.figure_id,
        case
            when blocks.timepoint = 'post' then 'post'
            when blocks.months_band is null then 'follow_up'
            else 'band'
        end as row_kind,
        coalesce(bands.label, 'Pooled') as group_label,
        case
            when blocks.timepoint = 'post' then 'After treatment'
            when blocks.months_band is null then 'At follow-up, any time'
            else 'Pooled'
        end as label,
        bands.lower_bound,
        blocks.analysis_id,
        blocks.shown_as,
        results.k,
        results.status,
        results.estimate,
        results.ci_low,
        results.ci_high
    from blocks
    inner join {{ ref('fct_pooled_effects') }} as results
        on blocks.analysis_id = results.analysis_id and results.policy_id = 'recommended'
    left join bands on blocks.months_band = bands.band
    where blocks.months_band is null or results.k > 1
),

post_effects as (
    select
        effect_id,
        any_value(post_estimate) as post_estimate
    from {{ ref('fct_follow_up_pairs') }}
    group by effect_id
),

-- An effect that several analyses of a figure take stands there once.
members as (
    select
        blocks.figure_id,
        'member' as row_kind,
        coalesce(bands.label, 'Time not stated') as group_label,
        meta_analyses.citation_label
        || if(blocks.figure_condition is null, ', ' || lower(conditions.label), '') as label,
        bands.lower_bound,
        blocks.shown_as,
        effects.meta_analysis_id,
        effects.effect_id,
        effects.follow_up_months,
        cast(effects.n_comparisons as integer) as n_studies,
        entries.yi as estimate,
        entries.ci_low,
        entries.ci_high,
        post_effects.post_estimate
    from blocks
    inner join {{ ref('fct_analysis_members') }} as entries
        on blocks.analysis_id = entries.analysis_id
    inner join {{ ref('fct_effects') }} as effects
        on entries.source_sheet = effects.sheet and entries.effect_id = effects.effect_id
    inner join {{ ref('dim_meta_analyses') }} as meta_analyses
        on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    inner join {{ ref('stg_vocabulary__conditions') }} as conditions
        on effects.condition = conditions.code
    left join bands on effects.months_band = bands.band
    left join post_effects on effects.effect_id = post_effects.effect_id
    where
        blocks.timepoint = 'follow_up'
        and entries.policy_id = 'recommended'
        and entries.is_member
    qualify
        row_number() over (
            partition by blocks.figure_id, effects.effect_id order by blocks.analysis_id
        ) = 1
),

changes as (
    select
        blocks.figure_id,
        'change' as row_kind,
        'Follow-up less after treatment, same [[members]]' as group_label,
        changes.correlation_label as label,
        blocks.analysis_id,
        blocks.shown_as,
        changes.correlation,
        changes.is_main,
        changes.k,
        changes.status,
        changes.estimate,
        changes.ci_low,
        changes.ci_high,
        changes.at_follow_up
    from blocks
    inner join {{ ref('fct_follow_up_changes') }} as changes
        on blocks.analysis_id = changes.analysis_id
    where blocks.months_band is null
),

stacked as (
    select
        *,
        if(row_kind = 'band', 2, 1) as part
    from pooled
    union all by name
    select
        *,
        2 as part
    from members
    union all by name
    select
        *,
        3 as part
    from changes
),

final as (
    select
        figure_id,
        cast(
            row_number() over (
                partition by figure_id
                order by
                    part, lower_bound nulls last, row_kind = 'band', row_kind = 'follow_up',
                    follow_up_months, correlation, label, effect_id
            ) as integer
        ) as row_order,
        row_kind,
        group_label,
        label,
        analysis_id,
        meta_analysis_id,
        effect_id,
        follow_up_months,
        correlation,
        coalesce(is_main, false) as is_main,
        k,
        n_studies,
        status,
        {{ display_scale('estimate', 'shown_as') }} as estimate,
        {{ display_scale('ci_low', 'shown_as') }} as ci_low,
        {{ display_scale('ci_high', 'shown_as') }} as ci_high,
        {{ display_scale('post_estimate', 'shown_as') }} as post_estimate,
        at_follow_up
    from stacked
)

select final.* replace ({{ review_words('final.group_label') }} as group_label)
from final
cross join {{ ref('dim_review') }} as review
order by figure_id, row_order
