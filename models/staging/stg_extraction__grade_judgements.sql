-- Grain: one row per valid row of the sheet grade_judgements.
{{ stage_sheet('grade_judgements') }}
