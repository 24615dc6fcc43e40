-- Grain: one row per graded result and scheme that grades its kind. Results without an estimate
-- keep their row.
with

inputs as (
    select * from {{ ref('int_grading_inputs') }}
),

grades as (
    select * from {{ ref('int_grades') }}
    where variant_id = 'declared'
),

schemes as (
    select * from {{ ref('stg_protocol__grading_schemes') }}
),

names as (
    select
        *,
        lag(grade) over (partition by scheme order by max_points) as better_grade,
        lag(label) over (partition by scheme order by max_points) as better_label,
        lag(max_points) over (partition by scheme order by max_points) as points_for_better
    from {{ ref('stg_protocol__grading_grades') }}
),

domains as (
    select
        graded_id,
        scheme,
        string_agg(
            replace(domain, '_', ' ') || coalesce(' ' || printf('%+d', -points), '') || ': '
            || reason,
            '; ' order by domain_order
        ) filter (points is distinct from 0) as reasons,
        string_agg(reason, '; ' order by domain_order) as all_reasons,
        string_agg(reason, '; ' order by domain_order) filter (points is null) as obstacles,
        string_agg(
            replace(domain, '_', ' ') || if(points = 0, '', printf(' %+d', -points))
            || ': ' || reason,
            '; ' order by domain_order
        ) filter (points is not null) as known
    from {{ ref('fct_grade_domains') }}
    group by graded_id, scheme
),

steps as (
    select
        graded_id,
        scheme,
        string_agg(
            replace(domain, '_', ' ') || ' (' || points_gained || '): ' || asks_for,
            '; ' order by domain
        ) filter (asks_for is not null) as steps,
        string_agg(asks_for_in_words, '; ' order by domain) as steps_in_words
    from {{ ref('int_grade_steps') }}
    group by graded_id, scheme
),

missing as (
    select
        graded_id,
        scheme,
        count_if(is_met is null) as n_not_assessable,
        count(*) as n_criteria,
        string_agg(distinct input, ', ' order by input) filter (is_met is null)
            as inputs_not_known,
        string_agg(label, '; ' order by criterion_order) filter (is_open_by_rounding)
            as open_by_rounding
    from {{ ref('int_grade_criteria') }}
    group by graded_id, scheme
),

described as (
    select
        inputs.*,
        schemes.* exclude (row_number, description, source, label),
        schemes.label as scheme_label,
        grades.* exclude (graded_id, scheme, variant_id),
        names.label as grade_label,
        names.meaning as grade_meaning,
        names.better_grade,
        names.better_label,
        names.points_for_better,
        domains.* exclude (graded_id, scheme),
        steps.steps,
        steps.steps_in_words,
        missing.* exclude (graded_id, scheme),
        case
            when inputs.estimate is null then 'no_result'
            when grades.grade is null then 'not_assessable'
            when grades.best_grade = grades.grade and grades.worst_grade = grades.grade
                then 'graded'
            else 'graded_on_incomplete_data'
        end as status
    from inputs
    inner join schemes on {{ is_graded_by('inputs.outcome_kind', 'schemes.scheme') }}
    left join grades on inputs.graded_id = grades.graded_id and schemes.scheme = grades.scheme
    left join names on grades.scheme = names.scheme and grades.grade = names.grade
    left join domains on inputs.graded_id = domains.graded_id and schemes.scheme = domains.scheme
    left join steps on inputs.graded_id = steps.graded_id and schemes.scheme = steps.scheme
    left join missing on inputs.graded_id = missing.graded_id and schemes.scheme = missing.scheme
),

final as (
    select
        graded_id || ':' || scheme as grade_id,
        graded_id,
        graded_kind,
        analysis_id,
        policy_id,
        effect_id,
        meta_analysis_id,
        label,
        analysis_group,
        condition,
        scale,
        k,
        estimate,
        ci_low,
        ci_high,
        scheme,
        scheme_label,
        kind as scheme_kind,
        status,
        if(status = 'no_result', null, grade) as grade,
        if(status = 'no_result', null, grade_label) as grade_label,
        if(status = 'no_result', null, grade_meaning) as grade_meaning,
        if(status = 'no_result', null, cast(points as integer)) as points,
        if(status = 'no_result', null, best_grade) as best_grade,
        if(status = 'no_result', null, worst_grade) as worst_grade,
        cast(coalesce(n_criteria, 0) as integer) as n_criteria,
        cast(coalesce(n_not_assessable, 0) as integer) as n_not_assessable,
        inputs_not_known,
        case
            when status = 'no_result' then 'No estimate to grade.'
            when status = 'not_assessable'
                then
                    'Cannot be graded: '
                    || coalesce(obstacles, 'the scheme has no rule that applies')
                    || '.'
                    || coalesce(' What is known: ' || known || '.', '')
            when kind = 'class'
                then
                    grade_label || ': ' || all_reasons || '.'
                    || coalesce(' ' || better_label || ' asks for: ' || steps_in_words || '.', '')
            else grade_label || ': ' || coalesce(reasons, 'no domain lowers it') || '.'
        end || if(
            status = 'graded_on_incomplete_data',
            ' What is not known leaves ' || best_grade || ' to ' || worst_grade || ' possible.', ''
        ) || coalesce(
            ' Rounding of the printed numbers leaves open whether: ' || open_by_rounding || '.', ''
        ) as reasons,
        if(status in ('graded', 'graded_on_incomplete_data'), better_grade, null) as next_grade,
        if(
            status in ('graded', 'graded_on_incomplete_data'),
            cast(points - points_for_better as integer), null
        ) as points_to_next_grade,
        if(
            status in ('graded', 'graded_on_incomplete_data') and better_grade is not null,
            coalesce(steps, 'no better rule'), null
        ) as next_grade_asks_for
    from described
)

select * from final
order by graded_kind, graded_id, scheme
