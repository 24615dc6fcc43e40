-- Grain: one row per valid row of the sheet conversions.
{{ stage_sheet('conversions') }}
