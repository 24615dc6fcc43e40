-- Grain: one row per trial in which a rule of trials finds something.
{% set checks = trial_checks() %}
with

printed as (
    {{ printed_cells('primary_studies', trial_numbers()['rounded'], trial_numbers()['whole']) }}
),

{{ trial_ranges('printed') }},

answered as (
    select
        *,
        {{ rule_answers(checks) }} as answers
    from derived
),

final as (
    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        answers,
        {{ found_checks(checks) }} as found,
        list_distinct(flatten(list_transform(found, lambda each: each.columns))) as touched
    from answered
    where list_contains(answers, true)
)

select * from final
