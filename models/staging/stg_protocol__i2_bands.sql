-- Grain: one row per valid row of the sheet i2_bands.
{{ stage_sheet('i2_bands') }}
