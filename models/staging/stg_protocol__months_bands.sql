-- Grain: one row per valid row of the sheet months_bands.
{{ stage_sheet('months_bands') }}
