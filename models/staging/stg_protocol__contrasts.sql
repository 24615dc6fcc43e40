-- Grain: one row per valid row of the sheet contrasts.
{{ stage_sheet('contrasts', is_worded=true) }}
