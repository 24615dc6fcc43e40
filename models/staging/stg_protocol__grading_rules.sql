-- Grain: one row per valid row of the sheet grading_rules.
{{ stage_sheet('grading_rules') }}
