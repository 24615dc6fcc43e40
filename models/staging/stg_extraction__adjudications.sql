-- Grain: one row per valid row of the sheet adjudications.
{{ stage_sheet('adjudications') }}
