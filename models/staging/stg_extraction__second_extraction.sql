-- Grain: one row per valid row of the sheet second_extraction.
{{ stage_sheet('second_extraction') }}
