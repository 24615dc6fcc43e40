-- Grain: one row per meta-analysis with a trial list and canonical trial that any of them lists:
-- the citation matrix as a long table, zeros included.
with

matrix as (
    select * from {{ ref('int_citation_matrix') }}
    where alias_handling = 'decided'
),

final as (
    select
        meta_analysis_id || ':' || trial_id as inclusion_id,
        meta_analysis_id,
        trial_id,
        list_status,
        cell,
        is_included,
        trial_year,
        last_year,
        last_year_source,
        is_included and is_after_last_year as is_contradiction,
        array_to_string(study_labels, '; ') as study_labels,
        source_locator
    from matrix
)

select * from final
order by meta_analysis_id, trial_id
