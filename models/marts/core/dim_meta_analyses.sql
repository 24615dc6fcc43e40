-- Grain: one row per valid meta-analysis, included or excluded.
with

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

exclusion_reasons as (
    select * from {{ ref('stg_vocabulary__exclusion_reasons') }}
),

plain_labels as (
    select
        meta_analysis_id,
        coalesce(first_author || coalesce(' ' || year, ''), meta_analysis_id) as plain_label,
        if(year is null, ' ', '') as before_letter
    from meta_analyses
),

-- Meta-analyses of one author and year are told apart by a letter.
labels as (
    select
        meta_analysis_id,
        plain_label || if(
            count(*) over (partition by plain_label) > 1,
            before_letter || chr(cast(96 + row_number() over (
                partition by plain_label order by meta_analysis_id
            ) as integer)),
            ''
        ) as citation_label
    from plain_labels
),

effects as (
    select
        meta_analysis_id,
        count(*) as n_effects,
        count_if(is_poolable) as n_poolable_effects,
        string_agg(distinct condition, ', ' order by condition) as conditions
    from {{ ref('int_effects') }}
    group by meta_analysis_id
),

memberships as (
    select
        meta_analysis_id,
        count(distinct analysis_id) as n_analyses
    from {{ ref('int_analysis_candidates') }}
    where is_member
    group by meta_analysis_id
),

trial_lists as (
    select
        meta_analysis_id,
        count(*) as n_trials_listed,
        string_agg(distinct list_status, ', ' order by list_status) as trial_list_status
    from {{ ref('stg_extraction__study_inclusion') }}
    group by meta_analysis_id
),

amstar as (
    select * from {{ ref('int_amstar_scores') }}
),

final as (
    select
        meta_analyses.* exclude (row_number, exclusion_reason),
        meta_analyses.row_number as sheet_row,
        labels.citation_label,
        meta_analyses.exclusion_reason,
        exclusion_reasons.label as exclusion_reason_label,
        effects.conditions,
        cast(coalesce(effects.n_effects, 0) as integer) as n_effects,
        cast(coalesce(effects.n_poolable_effects, 0) as integer) as n_poolable_effects,
        cast(coalesce(memberships.n_analyses, 0) as integer) as n_analyses,
        cast(coalesce(trial_lists.n_trials_listed, 0) as integer) as n_trials_listed,
        trial_lists.trial_list_status,
        coalesce(amstar.status, 'not rated') as amstar_status,
        cast(amstar.score as integer) as amstar_score,
        amstar.band as amstar_band
    from meta_analyses
    inner join labels on meta_analyses.meta_analysis_id = labels.meta_analysis_id
    left join exclusion_reasons on meta_analyses.exclusion_reason = exclusion_reasons.code
    left join effects on meta_analyses.meta_analysis_id = effects.meta_analysis_id
    left join memberships on meta_analyses.meta_analysis_id = memberships.meta_analysis_id
    left join trial_lists on meta_analyses.meta_analysis_id = trial_lists.meta_analysis_id
    left join amstar on meta_analyses.meta_analysis_id = amstar.meta_analysis_id
)

select * from final
order by sheet_row
