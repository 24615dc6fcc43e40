-- Grain: one row per valid row of the sheet grading_margins.
{{ stage_sheet('grading_margins') }}
