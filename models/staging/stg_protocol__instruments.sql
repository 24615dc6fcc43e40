-- Grain: one row per valid row of the sheet instruments.
{{ stage_sheet('instruments', is_worded=true) }}
