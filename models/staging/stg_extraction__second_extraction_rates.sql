-- Grain: one row per valid row of the sheet second_extraction_rates.
{{ stage_sheet('second_extraction_rates') }}
