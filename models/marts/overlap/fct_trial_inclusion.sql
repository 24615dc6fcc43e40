-- Grain: one row per meta-analysis with a trial list and canonical trial that any of them lists:
-- the citation matrix as a long table, zeros included. A matrix of too many cells is kept without
-- its zeros.
with

trial_lists as (
    select * from {{ ref('int_trial_lists') }}
),

all_trials as (
    select * from {{ ref('int_trial_years') }}
    where alias_handling = 'decided'
),

inclusions as (
    select * from {{ ref('int_trial_inclusions') }}
    where alias_handling = 'decided'
),

n_cells as (
    select count(*) as n
    from all_trials
    cross join trial_lists
),

trials as (
    select all_trials.*
    from all_trials
    inner join n_cells on n_cells.n <= {{ var('largest_citation_matrix') }}
),

zeros as (
    select
        trial_lists.meta_analysis_id,
        trials.trial_id,
        trials.trial_year,
        -- An unknown year leaves the cell possible.
        case
            when trials.trial_year > trial_lists.last_year then 'impossible'
            when trial_lists.is_usable then 'absent'
            else 'unknown'
        end as cell
    from trials
    cross join trial_lists
    anti join inclusions
        on
            trial_lists.meta_analysis_id = inclusions.meta_analysis_id
            and trials.trial_id = inclusions.trial_id
),

cells as (
    select
        meta_analysis_id,
        trial_id,
        trial_year,
        'included' as cell,
        is_after_last_year as is_contradiction,
        array_to_string(study_labels, '; ') as study_labels,
        source_locator
    from inclusions
    union all
    select
        meta_analysis_id,
        trial_id,
        trial_year,
        cell,
        false as is_contradiction,
        null as study_labels,
        null as source_locator
    from zeros
),

final as (
    select
        cells.meta_analysis_id || ':' || cells.trial_id as inclusion_id,
        cells.meta_analysis_id,
        cells.trial_id,
        trial_lists.list_status,
        cells.cell,
        cells.cell = 'included' as is_included,
        cells.trial_year,
        trial_lists.last_year,
        trial_lists.last_year_source,
        cells.is_contradiction,
        cells.study_labels,
        cells.source_locator
    from cells
    inner join trial_lists on cells.meta_analysis_id = trial_lists.meta_analysis_id
)

select * from final
order by meta_analysis_id, trial_id
