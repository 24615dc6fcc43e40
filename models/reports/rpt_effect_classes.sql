-- Grain: one row per reported effect and scheme of classes: the class of the effect by itself, the
-- criteria that it meets and misses, and where their inputs come from; beside it the class that its
-- source prints.
with

grades as (
    select * from {{ ref('fct_evidence_grades') }}
    where graded_kind = 'reported_effect' and scheme_kind = 'class'
),

-- Neighbours that ask for the same number in several sizes tell it once, after the last.
worded as (
    select
        *,
        coalesce(
            input = lead(input) over (
                partition by graded_id, scheme, status
                order by criterion_order
            ),
            false
        ) as is_value_told_below,
        criterion_label
        || coalesce(
            if(
                is_value_told_below,
                null,
                ' ('
                || regexp_replace({{ true_minus('value_text') }}, '(\d)e-0*', '\1e−', 'g')
                || ')'
            ),
            ''
        ) as criterion_words
    from {{ ref('fct_grade_criteria') }}
),

criteria as (
    select
        graded_id,
        scheme,
        string_agg(criterion_words, '; ' order by criterion_order) filter (status = 'met')
            as met_text,
        string_agg(criterion_words, '; ' order by criterion_order) filter (status = 'not met')
            as missed_text,
        string_agg(criterion_words, '; ' order by criterion_order)
        filter (status = 'not assessable') as open_text
    from worded
    group by graded_id, scheme
),

inputs as (
    select
        graded_id,
        scheme,
        input_source,
        {{ input_in_words('input') }} as words,
        min(criterion_order) as first_order
    from {{ ref('fct_grade_criteria') }}
    group by graded_id, scheme, input_source, input
),

listed as (
    select
        graded_id,
        scheme,
        string_agg(words, ', ' order by first_order) filter (input_source = 'reported')
            as reported_text,
        string_agg(words, ', ' order by first_order) filter (input_source = 'computed')
            as computed_text,
        string_agg(words, ', ' order by first_order) filter (input_source = 'missing')
            as missing_text
    from inputs
    group by graded_id, scheme
),

printed as (
    select
        *,
        case verdict
            when 'agrees' then 'same'
            when 'agrees_if_unprinted_is_met' then 'same if what is not printed is met'
            when 'agrees_within_rounding' then 'same within rounding'
            when 'agrees_with_other_criteria' then 'same with one criterion changed'
            when 'differs' then 'different'
            when 'not_read' then 'words not known'
            else 'no result'
        end as verdict_text,
        case verdict
            when 'agrees_if_unprinted_is_met'
                then 'If the source has taken what it does not print as met, they are the same.'
            when 'agrees_within_rounding'
                then 'The number before rounding may lie on the other side of the threshold.'
            when 'agrees_with_other_criteria'
                then 'One criterion otherwise: ' || replace(agrees_with, '; ', '; or: ') || '.'
            when 'differs' then 'No single change of a criterion: one of the numbers, or several.'
            when 'not_read' then 'A word that the scheme has for one of its classes.'
            when 'no_result' then 'A result of the row that can be graded.'
        end as remedy_text
    from {{ ref('fct_printed_classes') }}
),

best_scheme as (
    select agreement.scheme
    from {{ ref('fct_printed_class_agreement') }} as agreement
    inner join {{ ref('dim_grading_schemes') }} as schemes on agreement.scheme = schemes.scheme
    order by agreement.n_agrees desc, schemes.sort_order asc
    limit 1
),

final as (
    select
        grades.effect_id,
        grades.scheme,
        grades.scheme_label,
        cast(schemes.sort_order as integer) as scheme_order,
        cast(
            row_number() over (
                partition by grades.scheme
                order by conditions.row_number, outcomes.row_number, grades.effect_id
            ) as integer
        ) as row_order,
        effects.meta_analysis_id,
        meta_analyses.citation_label,
        meta_analyses.doi,
        conditions.label as condition_label,
        outcomes.label as outcome_label,
        if(measures.log_scale = 'n', coalesce(scales.short_label, measures.label), measures.label)
            as measure_label,
        scales.decimals,
        effects.estimate as reported_estimate,
        effects.ci_low as reported_low,
        effects.ci_high as reported_high,
        grades.status,
        grades.grade,
        grades.grade_label,
        if(best.label = grades.grade_label, null, best.label) as best_label,
        grades_of_scheme.place as grade_place,
        printed.printed_class,
        printed.printed_label,
        printed_grades.place as printed_place,
        printed.verdict as printed_verdict,
        printed.verdict_text as printed_verdict_text,
        {{ true_minus('printed.criteria_between') }} as printed_between_text,
        {{ true_minus('printed.remedy_text') }} as printed_remedy_text,
        best_scheme.scheme is not null as is_scheme_of_most_agreements,
        criteria.met_text,
        criteria.missed_text,
        criteria.open_text,
        listed.reported_text,
        listed.computed_text,
        listed.missing_text
    from grades
    inner join {{ ref('dim_grading_schemes') }} as schemes on grades.scheme = schemes.scheme
    inner join {{ ref('fct_effects') }} as effects on grades.effect_id = effects.effect_id
    inner join {{ ref('dim_meta_analyses') }} as meta_analyses
        on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    left join {{ ref('stg_vocabulary__conditions') }} as conditions
        on effects.condition = conditions.code
    left join {{ ref('stg_vocabulary__outcomes') }} as outcomes
        on effects.outcome = outcomes.code
    left join {{ ref('stg_vocabulary__measures') }} as measures on effects.measure = measures.code
    left join {{ ref('stg_protocol__scales') }} as scales on effects.own_scale = scales.scale
    left join {{ ref('dim_grades') }} as best
        on grades.scheme = best.scheme and grades.best_grade = best.grade
    left join {{ ref('dim_grades') }} as grades_of_scheme
        on
            grades.scheme = grades_of_scheme.scheme
            and grades.grade = grades_of_scheme.grade
    left join printed
        on grades.effect_id = printed.effect_id and grades.scheme = printed.scheme
    left join {{ ref('dim_grades') }} as printed_grades
        on
            printed.scheme = printed_grades.scheme
            and printed.printed_grade = printed_grades.grade
    left join best_scheme on grades.scheme = best_scheme.scheme
    left join criteria
        on grades.graded_id = criteria.graded_id and grades.scheme = criteria.scheme
    left join listed on grades.graded_id = listed.graded_id and grades.scheme = listed.scheme
)

select * from final
order by scheme_order, row_order
