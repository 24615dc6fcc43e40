-- Grain: one row per canonical trial that a meta-analysis lists.
with

trials as (
    select * from {{ ref('int_trial_years') }}
    where alias_handling = 'decided'
),

inclusions as (
    select
        trial_id,
        count(*) as n_meta_analyses
    from {{ ref('int_trial_inclusions') }}
    where alias_handling = 'decided'
    group by trial_id
),

trial_ids as (
    select * from {{ ref('int_trial_ids') }}
    where alias_handling = 'decided'
),

-- Each pair of aliases both ways round.
unsure_aliases as (
    {%- for one, other in [('a', 'b'), ('b', 'a')] %}
    select
        study_id_{{ one }} as study_id,
        study_id_{{ other }} as other_study_id
    from {{ ref('stg_extraction__trial_aliases') }}
    where same_trial = 'unsure'
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

unsure as (
    select
        trial_ids.trial_id,
        list_sort(list(distinct others.trial_id)) as unsure_trial_ids
    from unsure_aliases as aliases
    inner join trial_ids on aliases.study_id = trial_ids.study_id
    inner join trial_ids as others
        on
            aliases.other_study_id = others.study_id
            and trial_ids.trial_id != others.trial_id
    group by trial_ids.trial_id
),

final as (
    select
        trials.trial_id,
        array_to_string(trials.study_ids, '; ') as study_ids,
        array_to_string(trials.study_labels, '; ') as study_labels,
        trials.study_title,
        trials.trial_year,
        trials.year_source,
        cast(inclusions.n_meta_analyses as integer) as n_meta_analyses,
        array_to_string(unsure.unsure_trial_ids, '; ') as unsure_trial_ids
    from trials
    inner join inclusions on trials.trial_id = inclusions.trial_id
    left join unsure on trials.trial_id = unsure.trial_id
)

select * from final
order by trial_id
