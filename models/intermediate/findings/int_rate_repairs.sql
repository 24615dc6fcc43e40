-- Grain: one row per rate in which a rule finds something, and repair of its cells that mends it.
{% set repairs = rate_repairs() %}
with

printed as (
    {{ printed_cells('reported_rates', rate_numbers()['rounded'], rate_numbers()['whole']) }}
),

suspects as (
    select
        printed.*,
        checks.answers as answers_before,
        checks.touched
    from printed
    inner join {{ ref('int_rate_checks') }} as checks on printed.row_number = checks.row_number
),

{{ repaired('suspects', repairs, 'suspects.touched') }},

{{ rate_ranges('repaired') }},

{{ mended('derived', rate_checks(), repairs, ['row_number']) }}

select * from mended
