-- Grain: one row per valid row of the sheet analyses.
{{ stage_sheet('analyses', is_worded=true) }}
