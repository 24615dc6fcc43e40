-- Grain: one row per handling of aliases and pair of meta-analyses with trial lists, the first
-- before the second in the alphabet.
with

pairs as (
    select * from {{ ref('int_overlap_pairs') }}
),

measured as (
    select
        *,
        if(is_known, {{ covered_area('n_a + n_b', 'r', '2', '0') }}, null) as cca,
        if(is_known, {{ covered_area('n_a + n_b', 'r', '2', 'x') }}, null) as cca_possible_cells
    from pairs
),

final as (
    select
        concat_ws(':', alias_handling, meta_analysis_id_a, meta_analysis_id_b) as pair_id,
        alias_handling,
        meta_analysis_id_a,
        meta_analysis_id_b,
        list_status_a,
        list_status_b,
        case
            when is_known then 'ok'
            when n_shared > 0 then 'at_least'
            else 'unknown'
        end as status,
        cast(n_a as integer) as n_a,
        cast(n_b as integer) as n_b,
        cast(n_shared as integer) as n_shared,
        cast(r as integer) as r,
        cast(x as integer) as x,
        cca,
        cca_possible_cells,
        {{ overlap_band('cca') }} as band,
        if(is_known, 100 * n_shared / n_a, null) as percent_of_a,
        if(is_known, 100 * n_shared / n_b, null) as percent_of_b,
        if(is_known or n_shared > 0, count_correlation, null) as correlation
    from measured
)

select * from final
order by alias_handling, meta_analysis_id_a, meta_analysis_id_b
