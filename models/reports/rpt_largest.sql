-- Grain: one row per analysis of the largest meta-analysis of a condition: that meta-analysis here,
-- and the one the published review names.
with

largest as (
    select * from {{ ref('fct_largest_meta_analyses') }}
    where condition is not null
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

final as (
    select
        largest.condition,
        largest.condition_label,
        largest.analysis_id,
        outcomes.label as outcome_label,
        largest.meta_analysis_id,
        meta_analyses.citation_label as label,
        largest.effect_id,
        cast(largest.k_studies as integer) as k_studies,
        replace(largest.k_source, 'meta-analysis', review.member_word) as k_source,
        analyses.scale_short_label,
        analyses.decimals,
        cast(largest.n_participants as bigint) as n_participants,
        largest.person_time,
        largest.person_time_unit,
        {{ display_scale('largest.estimate', 'analyses.shown_as') }} as estimate,
        {{ display_scale('largest.ci_low', 'analyses.shown_as') }} as ci_low,
        {{ display_scale('largest.ci_high', 'analyses.shown_as') }} as ci_high,
        largest.cohen_band,
        largest.is_tied,
        effects.source_locator,
        meta_analyses.doi,
        coalesce(published.citation_label, largest.published_meta_analysis) as published_label,
        largest.published_measure,
        largest.published_estimate,
        largest.published_ci_low,
        largest.published_ci_high
    from largest
    inner join {{ ref('dim_analyses') }} as analyses on largest.analysis_id = analyses.analysis_id
    inner join {{ ref('stg_vocabulary__outcomes') }} as outcomes
        on analyses.outcome = outcomes.code
    left join meta_analyses on largest.meta_analysis_id = meta_analyses.meta_analysis_id
    cross join {{ ref('dim_review') }} as review
    left join {{ ref('dim_member_effects') }} as effects
        on largest.source_sheet = effects.source_sheet and largest.effect_id = effects.effect_id
    left join meta_analyses as published
        on largest.published_meta_analysis = published.meta_analysis_id
)

select * from final
order by condition, analysis_id
