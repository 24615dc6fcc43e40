-- Grain: one row per rate in which a rule of rates finds something.
{% set checks = rate_checks() %}
with

printed as (
    {{ printed_cells('reported_rates', rate_numbers()['rounded'], rate_numbers()['whole']) }}
),

{{ rate_ranges('printed') }},

answered as (
    select
        *,
        {{ rule_answers(checks) }} as answers
    from derived
),

final as (
    select
        'reported_rates' as sheet,
        row_number,
        rate_id as row_id,
        answers,
        {{ found_checks(checks) }} as found,
        list_distinct(flatten(list_transform(found, lambda each: each.columns))) as touched
    from answered
    where list_contains(answers, true)
)

select * from final
