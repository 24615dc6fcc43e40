-- Grain: one row per graded result with an estimate, scheme and variant of its rules.
with

inputs as (
    select * from {{ ref('int_grading_inputs') }}
    where estimate is not null
),

variants as (
    select * from {{ ref('int_grading_variants') }}
),

criteria as (
    select * from {{ ref('stg_protocol__grading_criteria') }}
),

grades as (
    select * from {{ ref('int_grades') }}
),

ranks as (
    select
        scheme,
        grade,
        row_number() over (partition by scheme order by max_points) as grade_rank
    from {{ ref('stg_protocol__grading_grades') }}
),

final as (
    select
        grades.graded_id || ':' || grades.scheme || ':' || grades.variant_id as sensitivity_id,
        grades.graded_id,
        grades.scheme,
        grades.variant_id,
        variants.variation,
        variants.criterion,
        variants.dropped_domain,
        criteria.threshold as declared_threshold,
        variants.new_threshold,
        declared.grade as declared_grade,
        grades.grade,
        cast(declared_ranks.grade_rank - ranks.grade_rank as integer) as grades_gained,
        (grades.grade is distinct from declared.grade) as is_changed,
        if(
            grades.grade is null,
            'not assessable: an input without which the scheme gives none',
            'ok'
        ) as status
    from grades
    inner join inputs on grades.graded_id = inputs.graded_id
    inner join variants
        on
            grades.scheme = variants.scheme
            and grades.variant_id = variants.variant_id
            and coalesce(variants.applies_to, 'any') in ('any', inputs.outcome_kind)
    inner join grades as declared
        on
            grades.graded_id = declared.graded_id
            and grades.scheme = declared.scheme
            and declared.variant_id = 'declared'
    left join criteria
        on
            variants.scheme = criteria.scheme
            and variants.criterion = criteria.criterion
            and variants.applies_to = criteria.applies_to
    left join ranks on grades.scheme = ranks.scheme and grades.grade = ranks.grade
    left join ranks as declared_ranks
        on
            declared.scheme = declared_ranks.scheme
            and declared.grade = declared_ranks.grade
    where grades.variant_id != 'declared'
)

select * from final
order by graded_id, scheme, variant_id
