-- Grain: one row per valid row of the sheet amstar2_bands.
{{ stage_sheet('amstar2_bands') }}
