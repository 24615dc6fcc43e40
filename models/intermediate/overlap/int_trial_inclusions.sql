-- Grain: one row per handling of aliases, meta-analysis with a trial list, and canonical trial on
-- it: the cells of the citation matrix that are not empty.
with

trial_lists as (
    select * from {{ ref('int_trial_lists') }}
),

trials as (
    select * from {{ ref('int_trial_years') }}
),

listed as (
    select
        trial_ids.alias_handling,
        inclusions.meta_analysis_id,
        trial_ids.trial_id,
        list(inclusions.study_label order by inclusions.study_id) as study_labels,
        any_value(inclusions.source_locator order by inclusions.study_id) as source_locator
    from {{ ref('stg_extraction__study_inclusion') }} as inclusions
    inner join {{ ref('int_trial_ids') }} as trial_ids on inclusions.study_id = trial_ids.study_id
    group by trial_ids.alias_handling, inclusions.meta_analysis_id, trial_ids.trial_id
),

final as (
    select
        listed.alias_handling,
        listed.meta_analysis_id,
        listed.trial_id,
        trial_lists.is_usable,
        trials.trial_year,
        -- An unknown year is no contradiction.
        coalesce(trials.trial_year > trial_lists.last_year, false) as is_after_last_year,
        listed.study_labels,
        listed.source_locator
    from listed
    inner join trial_lists on listed.meta_analysis_id = trial_lists.meta_analysis_id
    inner join trials
        on
            listed.alias_handling = trials.alias_handling
            and listed.trial_id = trials.trial_id
)

select * from final
order by alias_handling, meta_analysis_id, trial_id
