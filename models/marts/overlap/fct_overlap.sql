-- Grain: one row per scope, handling of aliases, treatment of impossible cells and weighting. The
-- covered area is that of the meta-analyses of the scope whose lists are complete or nearly so.
with

counts as (
    select * from {{ ref('int_overlap_counts') }}
),

zeros as (
    select unnest(['possible', 'taken_out']) as structural_zeros
),

weightings as (
    select unnest(['none', 'sqrt_n']) as weighting
),

variants as (
    select
        zeros.structural_zeros,
        weightings.weighting
    from zeros
    cross join weightings
),

crossed as (
    select
        counts.*,
        variants.*,
        if(variants.weighting = 'none', counts.n, counts.weighted_n) as area_n,
        if(variants.weighting = 'none', counts.r, counts.weighted_r) as area_r,
        case
            when variants.structural_zeros = 'possible' then 0
            when variants.weighting = 'none' then counts.x
            else counts.weighted_x
        end as area_x,
        case
            when counts.n_meta_analyses = 0 then 'no_meta_analyses'
            when counts.c = 0 then 'no_complete_lists'
            when counts.c = 1 then 'single_list'
            when variants.weighting = 'sqrt_n' and coalesce(counts.r_weighted, 0) = 0
                then 'participants_unknown'
            when variants.weighting = 'sqrt_n' and counts.r_weighted < counts.r
                then 'participants_partly_known'
            when counts.c < counts.n_meta_analyses then 'some_lists_missing'
            else 'ok'
        end as status
    from counts
    cross join variants
),

measured as (
    select
        *,
        if(
            status in ('ok', 'some_lists_missing', 'participants_partly_known'),
            {{ covered_area('area_n', 'area_r', 'c', 'area_x') }},
            null
        ) as cca
    from crossed
),

final as (
    select
        concat_ws(':', scope_kind, scope_id, alias_handling, structural_zeros, weighting)
            as overlap_id,
        scope_kind,
        scope_id,
        scope_label,
        alias_handling,
        structural_zeros,
        weighting,
        cast(n_meta_analyses as integer) as n_meta_analyses,
        cast(c as integer) as c,
        cast(n_inferred_lists as integer) as n_inferred_lists,
        cast(n_partial_lists as integer) as n_partial_lists,
        cast(n_meta_analyses - c - n_partial_lists as integer) as n_without_list,
        cast(n as integer) as n,
        cast(r as integer) as r,
        cast(x as integer) as x,
        cast(n_trials_shared as integer) as n_trials_shared,
        cast(r_weighted as integer) as r_weighted,
        cast(n_cells_unknown_year as integer) as n_cells_unknown_year,
        cast(n_contradictions as integer) as n_contradictions,
        if(
            cca is null
            and status in ('ok', 'some_lists_missing', 'participants_partly_known'),
            'no_possible_cells',
            status
        ) as status,
        cca,
        {{ overlap_band('cca') }} as band
    from measured
)

select * from final
order by scope_kind, scope_id, alias_handling, structural_zeros, weighting
