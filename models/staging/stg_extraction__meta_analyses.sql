-- Grain: one row per valid row of the sheet meta_analyses.
{{ stage_sheet('meta_analyses') }}
