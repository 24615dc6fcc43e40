-- Grain: one row, the overlap of all meta-analyses.
with

scope as (
    select * from {{ ref('fct_overlap') }}
    where scope_kind = 'all' and alias_handling = 'decided' and weighting = 'none'
),

taken_out as (
    select
        scope_id,
        cca
    from scope
    where structural_zeros = 'taken_out'
),

highest as (
    select
        arg_max(analysis_label, cca) as highest_analysis_label,
        max(cca) as highest_cca,
        arg_max(band_label, cca) as highest_band_label
    from {{ ref('rpt_overlap_analyses') }}
),

final as (
    select
        scope.n_meta_analyses,
        scope.c as n_lists,
        scope.n_inferred_lists,
        scope.n_partial_lists,
        scope.n_without_list,
        scope.r as n_trials,
        scope.n_trials_shared,
        scope.status,
        scope.cca,
        taken_out.cca as cca_possible_cells,
        bands.label as band_label,
        highest.highest_analysis_label,
        highest.highest_cca,
        highest.highest_band_label
    from scope
    cross join highest
    left join taken_out on scope.scope_id = taken_out.scope_id
    left join {{ ref('stg_protocol__overlap_bands') }} as bands on scope.band = bands.band
    where scope.structural_zeros = 'possible'
)

select * from final
