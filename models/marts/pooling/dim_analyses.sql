-- Grain: one row per declared analysis.
with

analyses as (
    select * from {{ ref('int_analyses') }}
),

outcomes as (
    select * from {{ ref('stg_vocabulary__outcomes') }}
),

-- A headline is named by its condition, and by all else in which headlines differ.
headlines as (
    select
        analyses.analysis_id,
        analyses.condition_label,
        {{ within_sentence('outcomes.label') }} as outcome_words,
        analyses.subgroup,
        analyses.selection,
        analyses.scale_short_label,
        {{ amount_of_exposure('analyses') }} as amount,
        'in ' || analyses.measure_unit as unit_words,
        dense_rank() over (order by analyses.outcome) as outcome_rank,
        dense_rank() over (
            partition by
                analyses.condition, analyses.outcome, analyses.subgroup, analyses.selection
            order by analyses.measure_unit
        ) as unit_rank,
        dense_rank() over (
            partition by
                analyses.condition, analyses.outcome, analyses.subgroup, analyses.selection
            order by analyses.scale
        ) as scale_rank
    from analyses
    inner join outcomes on analyses.outcome = outcomes.code
    where analyses.is_headline
),

named as (
    select
        analysis_id,
        concat_ws(
            ', ',
            condition_label,
            if(max(outcome_rank) over () > 1, outcome_words, null),
            -- A ratio per amount of an exposure says so where it stands alone, too.
            coalesce(
                amount,
                if(
                    max(unit_rank) over (
                        partition by condition_label, outcome_words, subgroup, selection
                    ) > 1,
                    unit_words,
                    null
                )
            ),
            subgroup,
            selection,
            if(
                max(scale_rank) over (
                    partition by condition_label, outcome_words, subgroup, selection
                ) > 1,
                scale_short_label,
                null
            )
        ) as headline_label
    from headlines
),

final as (
    select
        analyses.* exclude (row_number),
        named.headline_label
    from analyses
    left join named on analyses.analysis_id = named.analysis_id
)

select * from final
order by sort_order
