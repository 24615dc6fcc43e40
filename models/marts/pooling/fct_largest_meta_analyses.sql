-- Grain: one row per declared analysis of the largest meta-analysis.
with

analyses as (
    select * from {{ ref('int_analyses') }}
    where selection_rule = 'largest_k'
),

conditions as (
    select * from {{ ref('stg_vocabulary__conditions') }}
),

candidates as (
    select * from {{ ref('int_analysis_candidates') }}
    where selection_rank is not null
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

claims as (
    select * from {{ ref('stg_published__claims') }}
),

chosen as (
    select * from candidates
    where is_member
),

runners_up as (
    select * from candidates
    where selection_rank = 2
),

final as (
    select
        analyses.analysis_id,
        analyses.label as analysis_label,
        analyses.scale,
        analyses.shown_as,
        conditions.code as condition,
        conditions.label as condition_label,
        chosen.meta_analysis_id,
        meta_analyses.first_author,
        cast(meta_analyses.year as integer) as year,
        chosen.source_sheet,
        chosen.effect_id,
        chosen.k_for_selection as k_studies,
        chosen.k_source,
        chosen.n_for_selection as n_participants,
        chosen.person_time,
        if(
            {{ is_sized_by_time(
                'analyses.scale', 'if(chosen.n_for_selection is null, 0, 1)',
                'if(chosen.person_time is null, 0, 1)'
            ) }},
            analyses.person_time_unit,
            null
        ) as person_time_unit,
        chosen.yi as estimate,
        chosen.ci_low,
        chosen.ci_high,
        if(
            analyses.scale = 'smd',
            {{ band_of('abs(chosen.yi)', ref('stg_protocol__cohen_bands')) }},
            null
        ) as cohen_band,
        coalesce(
            chosen.is_tied_for_size and runners_up.k_for_selection = chosen.k_for_selection, false
        ) as is_tied,
        runners_up.meta_analysis_id as runner_up_id,
        runners_up.k_for_selection as runner_up_k_studies,
        claims.source_ma as published_meta_analysis,
        claims.measure as published_measure,
        claims.estimate as published_estimate,
        claims.ci_low as published_ci_low,
        claims.ci_high as published_ci_high
    from analyses
    left join conditions on analyses.condition = conditions.code
    left join chosen on analyses.analysis_id = chosen.analysis_id
    left join runners_up on analyses.analysis_id = runners_up.analysis_id
    left join meta_analyses on chosen.meta_analysis_id = meta_analyses.meta_analysis_id
    left join claims on analyses.claim_id = claims.claim_id
)

select * from final
order by analysis_id
