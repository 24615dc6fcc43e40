-- Grain: one row per valid row of the sheet grading_schemes.
{{ stage_sheet('grading_schemes') }}
