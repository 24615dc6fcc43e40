-- Grain: one row per analysis of a whole condition: those that reports show as headline results.
select
    analyses.analysis_id,
    conditions.code as condition_id,
    conditions.label as condition_label,
    analyses.claim_id,
    analyses.sort_order
from {{ ref('stg_protocol__analyses') }} as analyses
inner join {{ ref('stg_vocabulary__conditions') }} as conditions
    on analyses.condition = conditions.code
where analyses.analysis_group = 'condition'
