{% macro printed_operators() %}
    {{ return({
        'n_total': 'n_total_operator', 'n_cases': 'n_cases_operator', 'i2': 'i2_operator', 'egger_p': 'egger_p_operator',
        'excess_significance_p': 'excess_significance_p_operator',
    }) }}
{% endmacro %}


{% macro grading_fault_ctes() %}
wide_grading_rules as (
    {{ wide_cells('grading_rules', [], ['scheme', 'criteria']) }}
),

wide_grading_criteria as (
    {{ wide_cells('grading_criteria', [], ['scheme', 'criterion', 'sensitivity_grid']) }}
),

wide_quality_ratings as (
    {{ wide_cells('quality_ratings', ['item'], ['tool', 'answer']) }}
),

wide_printed as (
    {{ wide_cells(
        'reported_effects',
        ['n_total', 'n_cases', 'i2', 'egger_p', 'excess_significance_p'],
        printed_operators().values() | list,
    ) }}
),

criteria_of_rules as (
    select
        row_number,
        scheme,
        criteria,
        trim(regexp_replace(trim(unnest(string_split(criteria, ';'))), '^not ', '')) as criterion
    from wide_grading_rules
    where criteria is not null
),

grading_faults as (
    select
        'grading_rules' as sheet,
        row_number,
        'criteria' as column_name,
        criteria as value,
        'names a criterion that its scheme does not have: ' || criterion as reason,
        'criteria of the same scheme in grading_criteria, separated by semicolons' as expected,
        'reject' as severity
    from criteria_of_rules
    where (scheme, criterion) not in (select (scheme, criterion) from wide_grading_criteria)

    union all

    select
        'grading_criteria' as sheet,
        row_number,
        'sensitivity_grid' as column_name,
        sensitivity_grid as value,
        'not a list of numbers' as reason,
        'numbers separated by semicolons' as expected,
        'reject' as severity
    from wide_grading_criteria
    where
        list_bool_or(
            list_transform(
                string_split(sensitivity_grid, ';'),
                lambda part: try_cast(trim(part) as double) is null
            )
        )

    {%- for number, operator in printed_operators().items() %}
    union all

    select
        'reported_effects' as sheet,
        row_number,
        '{{ operator }}' as column_name,
        {{ operator }} as value,
        'an operator without its number' as reason,
        'a number in {{ number }}, or an empty cell' as expected,
        'reject' as severity
    from wide_printed
    where {{ operator }} is not null and {{ number }} is null
    {% endfor %}
    union all

    select
        'quality_ratings' as sheet,
        row_number,
        if(tool = 'amstar' and item > 11, 'item', 'answer') as column_name,
        if(tool = 'amstar' and item > 11, cast(cast(item as integer) as varchar), answer) as value,
        'not part of the tool ' || tool as reason,
        case
            when tool = 'amstar' and item > 11 then 'an item from 1 to 11'
            when tool = 'amstar' then 'yes, no, cant_answer or not_applicable'
            else 'yes, partial_yes, no or not_applicable'
        end as expected,
        'reject' as severity
    from wide_quality_ratings
    where
        (tool = 'amstar' and (item > 11 or answer = 'partial_yes'))
        or (tool = 'amstar2' and answer = 'cant_answer')
)
{% endmacro %}
