-- Grain: one row per valid row of the sheet conclusion_tests.
{{ stage_sheet('conclusion_tests') }}
