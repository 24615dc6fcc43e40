-- Grain: one row per valid row of the sheet flow_items.
{{ stage_sheet('flow_items', is_worded=true) }}
