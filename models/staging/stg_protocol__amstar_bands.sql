-- Grain: one row per valid row of the sheet amstar_bands.
{{ stage_sheet('amstar_bands') }}
