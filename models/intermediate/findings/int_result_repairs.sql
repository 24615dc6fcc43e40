-- Grain: one row per part in which a rule finds something, and repair of its cells: what the rules
-- say once the repair is made.
{% set repairs = result_repairs() %}
with

suspects as (
    select
        printed.*,
        checks.answers as answers_before,
        checks.touched
    from {{ ref('int_printed_results') }} as printed
    inner join {{ ref('int_result_checks') }} as checks
        on
            printed.sheet = checks.sheet
            and printed.row_number = checks.row_number
            and printed.part = checks.part
),

{{ repaired('suspects', repairs, 'suspects.touched') }},

{{ result_ranges('repaired') }},

{{ mended('derived', result_checks(), repairs, ['sheet', 'row_number', 'part']) }}

select * from mended
