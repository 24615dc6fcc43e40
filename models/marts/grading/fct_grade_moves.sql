-- Grain: one row per graded result with an estimate and scheme that has variants: how many of them
-- there are, how many give another grade, and which, in words.
with

sensitivity as (
    select * from {{ ref('fct_grade_sensitivity') }}
),

criteria as (
    select * from {{ ref('int_grade_criteria') }}
),

counted as (
    select
        graded_id,
        scheme,
        cast(count(*) as integer) as n_variants,
        cast(count_if(is_changed) as integer) as n_moving
    from sensitivity
    group by graded_id, scheme
),

moved as (
    select
        sensitivity.*,
        coalesce(grades.label, 'not assessable') as grade_label,
        coalesce(criteria.label, 'domain ' || replace(dropped_domain, '_', ' ')) as subject
    from sensitivity
    left join criteria
        on
            sensitivity.graded_id = criteria.graded_id
            and sensitivity.scheme = criteria.scheme
            and sensitivity.criterion = criteria.criterion
    left join {{ ref('stg_protocol__grading_grades') }} as grades
        on
            sensitivity.scheme = grades.scheme
            and sensitivity.grade = grades.grade
    where sensitivity.is_changed
),

subjects as (
    select
        graded_id,
        scheme,
        subject,
        grade_label,
        string_agg({{ short_number('new_threshold') }}, ', ' order by new_threshold)
            as thresholds,
        bool_or(variation != 'threshold_moved') as is_left_out
    from moved
    group by graded_id, scheme, subject, grade_label
),

phrases as (
    select
        graded_id,
        scheme,
        string_agg(
            subject || ' ' || concat_ws(
                ' or ', 'at ' || thresholds, if(is_left_out, 'left out', null)
            ) || ': ' || grade_label,
            '; ' order by subject, grade_label
        ) as moved_by
    from subjects
    group by graded_id, scheme
)

select
    counted.*,
    phrases.moved_by
from counted
left join phrases
    on counted.graded_id = phrases.graded_id and counted.scheme = phrases.scheme
order by counted.graded_id, counted.scheme
