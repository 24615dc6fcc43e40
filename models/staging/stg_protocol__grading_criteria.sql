-- Grain: one row per valid row of the sheet grading_criteria.
{{ stage_sheet('grading_criteria') }}
