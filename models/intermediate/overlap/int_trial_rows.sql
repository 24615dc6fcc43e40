-- Grain: one row per valid row of primary_studies, with the canonical trial of its meta-analysis's
-- list that it is about: the one whose label or identifier agrees, if there is exactly one.
with

rows as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

trial_ids as (
    select * from {{ ref('int_trial_ids') }}
    where alias_handling = 'decided'
),

listed as (
    select
        inclusions.meta_analysis_id,
        trial_ids.trial_id,
        unnest([
            {{ trial_key('inclusions.study_label', 'null') }},
            {{ trial_key('inclusions.study_id', 'null') }}
        ]) as trial_key
    from {{ ref('stg_extraction__study_inclusion') }} as inclusions
    inner join trial_ids on inclusions.study_id = trial_ids.study_id
),

matches as (
    select
        rows.comparison_id,
        list(distinct listed.trial_id) filter (listed.trial_id is not null) as trial_ids
    from rows
    left join listed
        on
            rows.source = listed.meta_analysis_id
            and {{ trial_key('rows.study', 'rows.year') }} = listed.trial_key
    group by rows.comparison_id
),

final as (
    select
        rows.comparison_id,
        rows.source as meta_analysis_id,
        rows.condition,
        rows.outcome,
        if(len(matches.trial_ids) = 1, matches.trial_ids[1], null) as trial_id,
        case
            when len(matches.trial_ids) = 1 then 'matched'
            when len(matches.trial_ids) > 1 then 'several trials of the list agree'
            else 'no trial of the list agrees'
        end as match_status,
        coalesce(
            rows.randomised_intervention + rows.randomised_control,
            rows.n_intervention + rows.n_control,
            rows.total_intervention + rows.total_control
        ) as n_participants
    from rows
    inner join matches on rows.comparison_id = matches.comparison_id
)

select * from final
order by comparison_id
