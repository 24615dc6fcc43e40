-- Grain: one row per trial in which a rule finds something, and repair of its cells that mends it.
{% set repairs = trial_repairs() %}
with

printed as (
    {{ printed_cells('primary_studies', trial_numbers()['rounded'], trial_numbers()['whole']) }}
),

suspects as (
    select
        printed.*,
        checks.answers as answers_before,
        checks.touched
    from printed
    inner join {{ ref('int_trial_checks') }} as checks on printed.row_number = checks.row_number
),

{{ repaired('suspects', repairs, 'suspects.touched') }},

{{ trial_ranges('repaired') }},

{{ mended('derived', trial_checks(), repairs, ['row_number']) }}

select * from mended
