-- Grain: one row per rating of certainty that a meta-analysis, or somebody about it, reports.
with

ratings as (
    select * from {{ ref('stg_extraction__reported_certainty') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

effects as (
    select * from {{ ref('int_effects') }}
),

final as (
    select
        concat_ws(':', ratings.meta_analysis_id, ratings.outcome, ratings.effect_id)
            as certainty_id,
        ratings.meta_analysis_id,
        meta_analyses.citation_label,
        meta_analyses.eligibility,
        ratings.effect_id,
        effects.condition,
        ratings.outcome,
        ratings.tool,
        ratings.rating,
        ratings.rated_by_source = 'y' as is_rated_by_source,
        ratings.source_locator,
        ratings.notes
    from ratings
    inner join meta_analyses on ratings.meta_analysis_id = meta_analyses.meta_analysis_id
    left join effects on ratings.effect_id = effects.effect_id
)

select * from final
order by meta_analysis_id, outcome, effect_id
