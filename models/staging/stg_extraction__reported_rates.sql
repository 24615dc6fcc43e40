-- Grain: one row per valid row of the sheet reported_rates.
{{ stage_sheet('reported_rates') }}
