-- Grain: one row per valid row of the sheet quality_items.
{{ stage_sheet('quality_items') }}
