-- Every pooled result of the graded policies and every member effect has one row per scheme, a rate
-- per scheme that grades rates, and its domains add up to its points.
with

expected as (
    select
        pooled_id as graded_id,
        false as is_rate
    from {{ ref('fct_pooled_effects') }}
    where policy_id in ('seed_paper', 'recommended')
    union
    select
        pooled_id as graded_id,
        true as is_rate
    from {{ ref('fct_pooled_rates') }}
    where policy_id in ('seed_paper', 'recommended')
    union
    select
        effect_id as graded_id,
        false as is_rate
    from {{ ref('int_analysis_candidates') }}
    where is_member and source_sheet = 'reported_effects'
),

pairs as (
    select
        expected.graded_id,
        schemes.scheme
    from expected
    inner join {{ ref('dim_grading_schemes') }} as schemes
        on not expected.is_rate or schemes.grades_rates = 'y'
),

sums as (
    select
        graded_id,
        scheme,
        if(count(points) = count(*), sum(points), null) as points
    from {{ ref('fct_grade_domains') }}
    group by graded_id, scheme
)

select pairs.*
from pairs
left join {{ ref('fct_evidence_grades') }} as grades
    on pairs.graded_id = grades.graded_id and pairs.scheme = grades.scheme
left join sums on pairs.graded_id = sums.graded_id and pairs.scheme = sums.scheme
where
    grades.grade_id is null
    or (
        grades.status != 'no_result'
        and (grades.points is distinct from sums.points)
    )
