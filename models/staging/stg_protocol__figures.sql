-- Grain: one row per valid row of the sheet figures.
{{ stage_sheet('figures', is_worded=true) }}
