-- Grain: one row per valid row of the sheet grading_grades.
{{ stage_sheet('grading_grades') }}
