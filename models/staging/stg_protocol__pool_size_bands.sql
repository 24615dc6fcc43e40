-- Grain: one row per valid row of the sheet pool_size_bands.
{{ stage_sheet('pool_size_bands', is_worded=true) }}
