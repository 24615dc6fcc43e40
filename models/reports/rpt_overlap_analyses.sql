-- Grain: one row per analysis with two members or more whose trial lists are complete or nearly so:
-- how far these lists overlap.
with

scopes as (
    select * from {{ ref('fct_overlap') }}
    where
        scope_kind = 'analysis'
        and alias_handling = 'decided'
        and weighting = 'none'
        and c > 1
),

taken_out as (
    select
        scope_id,
        cca
    from scopes
    where structural_zeros = 'taken_out'
),

final as (
    select
        scopes.scope_id as analysis_id,
        scopes.scope_label as analysis_label,
        scopes.n_meta_analyses,
        scopes.c as n_lists,
        scopes.n_meta_analyses - scopes.c as n_unknown,
        scopes.r as n_trials,
        scopes.n_trials_shared,
        scopes.cca,
        taken_out.cca as cca_possible_cells,
        bands.label as band_label,
        cast(
            row_number() over (order by scopes.cca desc nulls last, scopes.scope_id) as integer
        ) as row_order
    from scopes
    left join taken_out on scopes.scope_id = taken_out.scope_id
    left join {{ ref('stg_protocol__overlap_bands') }} as bands on scopes.band = bands.band
    where scopes.structural_zeros = 'possible'
)

select * from final
order by row_order
