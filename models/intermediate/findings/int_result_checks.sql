-- Grain: one row per part of a row of a sheet in which a rule of results finds something.
{% set checks = result_checks() %}
with

{{ result_ranges(ref('int_printed_results')) }},

{{ rows_with_findings(checks, ['sheet', 'row_number', 'row_id', 'part']) }}

select * from final
