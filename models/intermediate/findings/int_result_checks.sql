-- Grain: one row per part of a row of a sheet in which a rule of results finds something.
{% set checks = result_checks() %}
with

{{ result_ranges(ref('int_printed_results')) }},

answered as (
    select
        *,
        {{ rule_answers(checks) }} as answers
    from derived
),

final as (
    select
        sheet,
        row_number,
        row_id,
        part,
        answers,
        {{ found_checks(checks) }} as found,
        list_distinct(flatten(list_transform(found, lambda each: each.columns))) as touched
    from answered
    where list_contains(answers, true)
)

select * from final
