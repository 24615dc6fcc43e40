-- Grain: one row per reported effect whose source prints a class of evidence and scheme of classes:
-- the printed class beside that of its numbers, and which criteria stand between the two.
with

printed as (
    select * from {{ ref('int_printed_classes') }}
),

effects as (
    select
        effect_id,
        row_number as sheet_row,
        meta_analysis_id,
        condition,
        outcome
    from {{ ref('int_adjudicated_effects') }}
),

grades as (
    select
        scheme,
        grade,
        label,
        max_points
    from {{ ref('stg_protocol__grading_grades') }}
),

graded as (
    select
        graded_id as effect_id,
        scheme,
        grade,
        best_grade,
        worst_grade,
        status
    from {{ ref('fct_evidence_grades') }}
    where graded_kind = 'reported_effect'
),

rule_criteria as (
    select * from {{ ref('int_grade_rule_criteria') }}
),

beside as (
    select
        printed.*,
        graded.grade as computed_grade,
        graded.best_grade,
        graded.worst_grade,
        graded.status as grade_status,
        printed_grades.label as printed_label,
        computed_grades.label as computed_label,
        printed_grades.max_points as printed_points,
        computed_grades.max_points as computed_points
    from printed
    left join graded
        on printed.effect_id = graded.effect_id and printed.scheme = graded.scheme
    left join grades as printed_grades
        on
            printed.scheme = printed_grades.scheme
            and printed.printed_grade = printed_grades.grade
    left join grades as computed_grades
        on
            printed.scheme = computed_grades.scheme
            and graded.grade = computed_grades.grade
),

-- Printed better than computed: what a rule of the printed class asks for and does not get, of
-- several the rule that lacks least. Printed worse: what the rule of the computed class gets, and
-- the source must have seen otherwise.
between_by_rule as (
    select
        beside.effect_id,
        beside.scheme,
        criteria.rule_order,
        array_to_string(list_sort(list(
            distinct criteria.label || case
                when criteria.value is null
                    then ', not known: ' || coalesce(criteria.missing_reason, 'no value')
                else ', here ' || criteria.value_text
            end
        )), '; ') as criteria_between,
        count(*) as n_between,
        bool_and(criteria.is_met is null) as are_all_unknown,
        bool_and(criteria.is_met is null or criteria.is_open_by_rounding)
            as are_all_unknown_or_open,
        bool_or(criteria.is_open_by_rounding) as is_one_open
    from beside
    inner join rule_criteria as criteria
        on
            beside.effect_id = criteria.graded_id
            and beside.scheme = criteria.scheme
            and (
                beside.printed_points < beside.computed_points
                and beside.printed_points = criteria.points
                and not criteria.is_as_needed
                or beside.printed_points > beside.computed_points
                and criteria.rule_order = criteria.deciding_rule_order
                and criteria.is_as_needed
            )
    left join rule_criteria as also_printed
        on
            criteria.graded_id = also_printed.graded_id
            and criteria.scheme = also_printed.scheme
            and criteria.criterion = also_printed.criterion
            and beside.printed_points = also_printed.points
            and beside.printed_points > beside.computed_points
    where also_printed.criterion is null
    group by beside.effect_id, beside.scheme, criteria.rule_order
),

between_them as (
    select *
    from between_by_rule
    qualify
        row_number() over (
            partition by effect_id, scheme
            order by
                are_all_unknown desc,
                are_all_unknown_or_open desc,
                n_between asc,
                rule_order asc
        ) = 1
),

-- One other threshold, or one criterion left out, with which the numbers give the printed class.
variants as (
    select
        sensitivity.graded_id as effect_id,
        sensitivity.scheme,
        array_to_string(list_sort(list(
            distinct criteria.label || if(
                sensitivity.variation = 'threshold_moved',
                ' at ' || {{ short_number('sensitivity.new_threshold') }},
                ' left out'
            )
        )), '; ') as agrees_with
    from {{ ref('fct_grade_sensitivity') }} as sensitivity
    inner join printed
        on
            sensitivity.graded_id = printed.effect_id
            and sensitivity.scheme = printed.scheme
            and sensitivity.grade = printed.printed_grade
    inner join {{ ref('int_grade_criteria') }} as criteria
        on
            sensitivity.graded_id = criteria.graded_id
            and sensitivity.scheme = criteria.scheme
            and sensitivity.criterion = criteria.criterion
    where sensitivity.is_changed
    group by sensitivity.graded_id, sensitivity.scheme
),

final as (
    select
        beside.effect_id || ':' || beside.scheme as printed_class_id,
        beside.effect_id,
        effects.sheet_row,
        effects.meta_analysis_id,
        effects.condition,
        effects.outcome,
        beside.scheme,
        beside.printed_class,
        beside.printed_grade,
        beside.printed_label,
        beside.computed_grade,
        beside.computed_label,
        beside.best_grade,
        beside.worst_grade,
        case
            when beside.printed_grade is null then 'not_read'
            when beside.computed_grade is null then 'no_result'
            when beside.printed_grade = beside.computed_grade then 'agrees'
            when
                beside.printed_points < beside.computed_points
                and between_them.are_all_unknown
                then 'agrees_if_unprinted_is_met'
            when
                beside.printed_points < beside.computed_points
                and between_them.are_all_unknown_or_open
                or beside.printed_points > beside.computed_points
                and between_them.is_one_open
                then 'agrees_within_rounding'
            when variants.agrees_with is not null then 'agrees_with_other_criteria'
            else 'differs'
        end as verdict,
        between_them.criteria_between,
        variants.agrees_with
    from beside
    inner join effects on beside.effect_id = effects.effect_id
    left join between_them
        on beside.effect_id = between_them.effect_id and beside.scheme = between_them.scheme
    left join variants
        on beside.effect_id = variants.effect_id and beside.scheme = variants.scheme
)

select * from final
order by scheme, sheet_row
