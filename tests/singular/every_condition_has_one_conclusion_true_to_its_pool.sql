-- Every headline analysis of effects has one conclusion, with the numbers of its recommended pool
-- and a grade that is one of those it got.
select
    analyses.analysis_id,
    count(conclusions.analysis_id) as n_conclusions
from {{ ref('dim_analyses') }} as analyses
left join {{ ref('rpt_conclusions') }} as conclusions
    on analyses.analysis_id = conclusions.analysis_id
left join {{ ref('fct_pooled_effects') }} as pooled
    on analyses.analysis_id = pooled.analysis_id and pooled.policy_id = 'recommended'
left join {{ ref('fct_evidence_grades') }} as classes
    on
        pooled.pooled_id = classes.graded_id
        and conclusions.class_scheme = classes.scheme
where analyses.is_headline and not {{ is_of_rates('analyses.scale') }}
group by analyses.analysis_id
having
    count(conclusions.analysis_id) != 1
    or bool_or(
        conclusions.estimate
        is distinct from {{ display_scale('pooled.estimate', 'analyses.shown_as') }}
    )
    or bool_or((conclusions.k is distinct from pooled.k))
    or bool_or(
        conclusions.pi_low
        is distinct from {{ display_scale('pooled.pi_low', 'analyses.shown_as') }}
    )
    or bool_or((conclusions.evidence_class is distinct from classes.grade))
