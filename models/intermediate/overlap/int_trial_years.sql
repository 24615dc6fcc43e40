-- Grain: one row per handling of aliases and canonical trial that a meta-analysis lists. The year
-- is the one in the trial's identifiers or, without one, in its labels; the earliest where they
-- differ, since a trial can be included from its first report on.
with

trial_ids as (
    select * from {{ ref('int_trial_ids') }}
),

inclusions as (
    select * from {{ ref('stg_extraction__study_inclusion') }}
),

texts as (
    select
        trial_ids.alias_handling,
        trial_ids.trial_id,
        inclusions.study_id,
        inclusions.study_label,
        inclusions.study_title,
        try_cast(regexp_extract(inclusions.study_id, '(?:19|20)\d\d') as integer) as id_year,
        try_cast(regexp_extract(inclusions.study_label, '(?:19|20)\d\d') as integer) as label_year
    from inclusions
    inner join trial_ids on inclusions.study_id = trial_ids.study_id
),

final as (
    select
        alias_handling,
        trial_id,
        list_sort(list(distinct study_id)) as study_ids,
        list_sort(list(distinct study_label)) as study_labels,
        min(study_title) as study_title,
        coalesce(min(id_year), min(label_year)) as trial_year,
        case
            when min(id_year) is not null then 'identifier'
            when min(label_year) is not null then 'label'
            else 'unknown'
        end as year_source
    from texts
    group by alias_handling, trial_id
)

select * from final
order by alias_handling, trial_id
