-- Grain: one row per valid row of the sheet overlap_bands.
{{ stage_sheet('overlap_bands') }}
