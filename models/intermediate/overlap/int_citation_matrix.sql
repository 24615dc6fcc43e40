-- Grain: one row per handling of aliases, meta-analysis with a trial list, and canonical trial that
-- any of them lists: the citation matrix as a long table, zeros included.
with

trial_lists as (
    select * from {{ ref('int_trial_lists') }}
),

trials as (
    select * from {{ ref('int_trial_years') }}
),

trial_ids as (
    select * from {{ ref('int_trial_ids') }}
),

inclusions as (
    select
        trial_ids.alias_handling,
        inclusions.meta_analysis_id,
        trial_ids.trial_id,
        list(inclusions.study_label order by inclusions.study_id) as study_labels,
        any_value(inclusions.source_locator order by inclusions.study_id) as source_locator
    from {{ ref('stg_extraction__study_inclusion') }} as inclusions
    inner join trial_ids on inclusions.study_id = trial_ids.study_id
    group by trial_ids.alias_handling, inclusions.meta_analysis_id, trial_ids.trial_id
),

n_lists as (
    select count(*) as n from trial_lists
),

-- Quadratic by nature: what would not fit is refused before it starts.
feasible as (
    select
        case
            when count(*) * any_value(lists.n) <= {{ var('largest_citation_matrix') }} then true
            else
                error(
                    'The citation matrix of ' || any_value(lists.n) || ' trial lists and '
                    || count(*) || ' trials has more than {{ var('largest_citation_matrix') }} '
                    || 'cells (largest_citation_matrix in dbt_project.yml). Leave lists out of '
                    || 'study_inclusion, or raise the limit: a million cells take about a second '
                    || 'and a third of a gigabyte.'
                )
        end as is_feasible
    from trials
    cross join n_lists as lists
    where trials.alias_handling = 'decided'
),

cells as (
    select
        trials.alias_handling,
        trial_lists.meta_analysis_id,
        trials.trial_id,
        trial_lists.list_status,
        trial_lists.is_usable,
        trial_lists.eligibility,
        trials.trial_year,
        trial_lists.last_year,
        trial_lists.last_year_source,
        inclusions.study_labels,
        inclusions.source_locator,
        inclusions.trial_id is not null as is_included,
        -- An unknown year leaves the cell possible.
        coalesce(trials.trial_year > trial_lists.last_year, false) as is_after_last_year
    from trials
    cross join trial_lists
    inner join feasible on feasible.is_feasible
    left join inclusions
        on
            trials.alias_handling = inclusions.alias_handling
            and trial_lists.meta_analysis_id = inclusions.meta_analysis_id
            and trials.trial_id = inclusions.trial_id
),

final as (
    select
        *,
        case
            when is_included then 'included'
            when is_after_last_year then 'impossible'
            when is_usable then 'absent'
            else 'unknown'
        end as cell
    from cells
)

select * from final
order by alias_handling, meta_analysis_id, trial_id
