-- Grain: one row per kind of analysis, selection rule that takes one of what it chooses from, and
-- row that it can rank.
with

candidates as (
    select
        admissible.analysis_kind as analysis_id,
        admissible.effect_id,
        admissible.meta_analysis_id,
        admissible.cluster_id,
        admissible.source_sheet,
        false as is_parallel_pool,
        admissible.is_converted,
        admissible.k_for_selection,
        admissible.n_for_selection,
        meta_analyses.year
    from {{ ref('fct_admissible_effects') }} as admissible
    left join {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
        on admissible.meta_analysis_id = meta_analyses.meta_analysis_id
),

{{ selection_keys() }},

final as (
    select
        analysis_id as analysis_kind,
        selection_rule,
        effect_id,
        cast(
            row_number() over (
                partition by analysis_id, selection_rule
                order by sort_keys, is_converted, effect_id
            ) as integer
        ) as selection_place
    from selection_keys
    where takes = 'first' and has_needed
)

select * from final
order by analysis_kind, selection_rule, selection_place
