-- Grain: one row per pair of meta-analyses with a trial list.
with

pairs as (
    select * from {{ ref('fct_overlap_pairs') }}
    where alias_handling = 'decided'
),

listed as (
    select meta_analysis_id_a as meta_analysis_id from pairs
    union
    select meta_analysis_id_b from pairs
),

placed as (
    select
        listed.meta_analysis_id,
        coalesce(meta_analyses.citation_label, listed.meta_analysis_id) as label,
        cast(row_number() over (
            order by meta_analyses.conditions nulls last, listed.meta_analysis_id
        ) as integer) as place
    from listed
    left join {{ ref('dim_meta_analyses') }} as meta_analyses
        on listed.meta_analysis_id = meta_analyses.meta_analysis_id
),

bands as (
    select
        band,
        label,
        upper_bound,
        cast(row_number() over (order by upper_bound) as integer) as band_order
    from {{ ref('stg_protocol__overlap_bands') }}
),

final as (
    select
        pairs.pair_id,
        -- The earlier of the two in the picture comes first.
        {{ least_of(['first.place', 'second.place']) }} as column_order,
        {{ greatest_of(['first.place', 'second.place']) }} as row_order,
        if(first.place < second.place, first.label, second.label) as column_label,
        if(first.place < second.place, second.label, first.label) as row_label,
        if(first.place < second.place, pairs.n_a, pairs.n_b) as n_column,
        if(first.place < second.place, pairs.n_b, pairs.n_a) as n_row,
        pairs.status,
        if(pairs.status = 'unknown', null, pairs.n_shared) as n_shared,
        pairs.cca,
        pairs.cca_possible_cells,
        bands.band_order,
        bands.label as band_label,
        bands.upper_bound as band_upper_bound
    from pairs
    inner join placed as first on pairs.meta_analysis_id_a = first.meta_analysis_id
    inner join placed as second on pairs.meta_analysis_id_b = second.meta_analysis_id
    left join bands on pairs.band = bands.band
)

select * from final
