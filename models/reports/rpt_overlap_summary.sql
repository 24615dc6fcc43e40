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
        bands.label as band_label
    from scope
    left join taken_out on scope.scope_id = taken_out.scope_id
    left join {{ ref('stg_protocol__overlap_bands') }} as bands on scope.band = bands.band
    where scope.structural_zeros = 'possible'
)

select * from final
