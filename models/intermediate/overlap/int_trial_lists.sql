-- Grain: one row per meta-analysis with a trial list: how complete the list is, how many trials it
-- holds, and the year after which a trial can no longer be in it.
with

inclusions as (
    select * from {{ ref('stg_extraction__study_inclusion') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

trial_ids as (
    select * from {{ ref('int_trial_ids') }}
    where alias_handling = 'decided'
),

-- A list is as complete as its least complete row says.
lists as (
    select
        inclusions.meta_analysis_id,
        case
            when bool_or(inclusions.list_status = 'partial') then 'partial'
            when bool_or(inclusions.list_status = 'inferred') then 'inferred'
            else 'complete'
        end as list_status,
        count(distinct trial_ids.trial_id) as n_listed
    from inclusions
    inner join trial_ids on inclusions.study_id = trial_ids.study_id
    group by inclusions.meta_analysis_id
),

final as (
    select
        lists.meta_analysis_id,
        lists.list_status,
        lists.list_status != 'partial' as is_usable,
        lists.n_listed,
        meta_analyses.n_trials as n_reported,
        meta_analyses.eligibility,
        coalesce(
            try_cast(left(meta_analyses.search_end, 4) as integer),
            cast(meta_analyses.year as integer)
        ) as last_year,
        case
            when meta_analyses.search_end is not null then 'end of search'
            when meta_analyses.year is not null then 'year of publication'
            else 'unknown'
        end as last_year_source
    from lists
    inner join meta_analyses on lists.meta_analysis_id = meta_analyses.meta_analysis_id
)

select * from final
order by meta_analysis_id
