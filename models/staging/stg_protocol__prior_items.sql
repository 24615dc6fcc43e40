-- Grain: one row per valid row of the sheet prior_items.
{{ stage_sheet('prior_items') }}
