-- Grain: one row per handling of aliases and pair of meta-analyses with trial lists, the first
-- before the second in the alphabet.
with

trial_lists as (
    select * from {{ ref('int_trial_lists') }}
),

inclusions as (
    select * from {{ ref('int_trial_inclusions') }}
),

lists as (
    select
        inclusions.alias_handling,
        inclusions.meta_analysis_id,
        any_value(trial_lists.last_year) as last_year,
        count(*) as n,
        count_if(inclusions.trial_year is null) as n_unknown_years
    from inclusions
    inner join trial_lists on inclusions.meta_analysis_id = trial_lists.meta_analysis_id
    group by inclusions.alias_handling, inclusions.meta_analysis_id
),

last_years as (
    select distinct last_year
    from trial_lists
    where last_year is not null
),

-- Trials of a list that no meta-analysis can have whose last year is this one.
younger as (
    select
        inclusions.alias_handling,
        inclusions.meta_analysis_id,
        last_years.last_year,
        count(*) as n
    from inclusions
    inner join last_years on inclusions.trial_year > last_years.last_year
    group by inclusions.alias_handling, inclusions.meta_analysis_id, last_years.last_year
),

shared as (
    select
        first.alias_handling,
        first.meta_analysis_id as meta_analysis_id_a,
        second.meta_analysis_id as meta_analysis_id_b,
        count(*) as n,
        count_if(first.trial_year is null) as n_unknown_years,
        count_if(first.is_after_last_year) as n_younger_than_a,
        count_if(second.is_after_last_year) as n_younger_than_b
    from inclusions as first
    inner join inclusions as second
        on
            first.alias_handling = second.alias_handling
            and first.trial_id = second.trial_id
            and first.meta_analysis_id < second.meta_analysis_id
    group by first.alias_handling, first.meta_analysis_id, second.meta_analysis_id
),

-- What a trial that both list is counted in twice is taken off once; a trial is impossible only
-- where it is not listed.
counted as (
    select
        first.alias_handling,
        first.meta_analysis_id as meta_analysis_id_a,
        second.meta_analysis_id as meta_analysis_id_b,
        first.n as n_a,
        second.n as n_b,
        coalesce(shared.n, 0) as n_shared,
        first.n + second.n - coalesce(shared.n, 0) as r,
        coalesce(younger_a.n, 0) - coalesce(shared.n_younger_than_b, 0)
        + coalesce(younger_b.n, 0) - coalesce(shared.n_younger_than_a, 0) as x,
        first.n_unknown_years + second.n_unknown_years - coalesce(shared.n_unknown_years, 0)
            as n_unknown_years
    from lists as first
    inner join lists as second
        on
            first.alias_handling = second.alias_handling
            and first.meta_analysis_id < second.meta_analysis_id
    left join shared
        on
            first.alias_handling = shared.alias_handling
            and first.meta_analysis_id = shared.meta_analysis_id_a
            and second.meta_analysis_id = shared.meta_analysis_id_b
    left join younger as younger_a
        on
            first.alias_handling = younger_a.alias_handling
            and first.meta_analysis_id = younger_a.meta_analysis_id
            and second.last_year = younger_a.last_year
    left join younger as younger_b
        on
            second.alias_handling = younger_b.alias_handling
            and second.meta_analysis_id = younger_b.meta_analysis_id
            and first.last_year = younger_b.last_year
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
