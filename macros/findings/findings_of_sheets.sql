{#- The three steps from the rows of a sheet to their findings: which rules find something, which
    repairs of the cells mend it, and both in one row per finding. -#}

{#- Rows in which a rule finds something, of the relation that the ranges end in. -#}
{% macro rows_with_findings(checks, keys) %}
answered as (
    select
        *,
        {{ rule_answers(checks) }} as answers
    from derived
),

final as (
    select
        {{ keys | join(',\n        ') }},
        answers,
        {{ found_checks(checks) }} as found,
        list_distinct(flatten(list_transform(found, lambda each: each.columns))) as touched
    from answered
    where list_contains(answers, true)
)
{% endmacro %}


{% macro checks_of_sheet(sheet, id, numbers, ranges, checks) %}
with

printed as (
    {{ printed_cells(sheet, numbers['rounded'], numbers['whole']) }}
),

{{ ranges }},

{{ rows_with_findings(checks, ["'" ~ sheet ~ "' as sheet", 'row_number', id ~ ' as row_id']) }}

select * from final
{% endmacro %}


{% macro repairs_of_sheet(sheet, found, numbers, ranges, checks, repairs) %}
with

printed as (
    {{ printed_cells(sheet, numbers['rounded'], numbers['whole']) }}
),

suspects as (
    select
        printed.*,
        found.answers as answers_before,
        found.touched
    from printed
    inner join {{ found }} as found on printed.row_number = found.row_number
),

{{ repaired('suspects', repairs, 'suspects.touched') }},

{{ ranges }},

{{ mended('derived', checks, repairs, ['row_number']) }}

select * from mended
{% endmacro %}


{% macro finding_rows(relation, columns="array_to_string(columns, ', ')") %}
final as (
    select
        sheet,
        row_number,
        row_id,
        found.rule as rule,
        {{ columns }} as columns,
        found.printed as printed,
        found.implied_low as implied_low,
        found.implied_high as implied_high,
        found.why as why,
        nullif(candidate, '') as candidate
    from {{ relation }}
)
{% endmacro %}


{% macro findings_of_sheet(found, repairs) %}
with

{{ findings_of_checks(found, repairs, ['row_number']) }},

{{ finding_rows('blamed') }}

select * from final
{% endmacro %}
