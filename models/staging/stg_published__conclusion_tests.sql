-- Grain: one row per valid row of the sheet published_conclusion_tests.
{{ stage_sheet('published_conclusion_tests') }}
