-- Grain: one row per valid row of the sheet corrections.
{{ stage_sheet('corrections') }}
