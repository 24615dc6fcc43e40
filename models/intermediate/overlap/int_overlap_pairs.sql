-- Grain: one row per handling of aliases and pair of meta-analyses with trial lists, the first
-- before the second in the alphabet.
with

matrix as (
    select * from {{ ref('int_citation_matrix') }}
),

cell_pairs as (
    select
        first.alias_handling,
        first.meta_analysis_id as meta_analysis_id_a,
        second.meta_analysis_id as meta_analysis_id_b,
        first.is_included as is_in_a,
        second.is_included as is_in_b,
        (first.cell = 'impossible')::integer + (second.cell = 'impossible')::integer
            as n_impossible,
        first.trial_year is null as is_year_unknown
    from matrix as first
    inner join matrix as second
        on
            first.alias_handling = second.alias_handling
            and first.trial_id = second.trial_id
            and first.meta_analysis_id < second.meta_analysis_id
    where first.is_included or second.is_included
),

counted as (
    select
        alias_handling,
        meta_analysis_id_a,
        meta_analysis_id_b,
        count_if(is_in_a) as n_a,
        count_if(is_in_b) as n_b,
        count_if(is_in_a and is_in_b) as n_shared,
        count(*) as r,
        sum(n_impossible) as x,
        count_if(is_year_unknown) as n_unknown_years
    from cell_pairs
    group by alias_handling, meta_analysis_id_a, meta_analysis_id_b
),

trial_lists as (
    select * from {{ ref('int_trial_lists') }}
),

-- How many trials a meta-analysis has: its complete list, or what it reports (never fewer than are
-- listed) where the list is partial; not known where it reports none.
sized as (
    select
        counted.*,
        lists_a.list_status as list_status_a,
        lists_b.list_status as list_status_b,
        lists_a.is_usable and lists_b.is_usable as is_known,
        if(
            lists_a.is_usable, counted.n_a, {{ greatest_of(['counted.n_a', 'lists_a.n_reported']) }}
        ) as k_a,
        if(
            lists_b.is_usable, counted.n_b, {{ greatest_of(['counted.n_b', 'lists_b.n_reported']) }}
        ) as k_b
    from counted
    inner join trial_lists as lists_a on counted.meta_analysis_id_a = lists_a.meta_analysis_id
    inner join trial_lists as lists_b on counted.meta_analysis_id_b = lists_b.meta_analysis_id
),

final as (
    select
        *,
        n_shared / sqrt(k_a * k_b) as count_correlation
    from sized
)

select * from final
order by alias_handling, meta_analysis_id_a, meta_analysis_id_b
