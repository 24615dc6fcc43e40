-- Grain: one row per valid row of the sheet relation_kinds.
{{ stage_sheet('relation_kinds') }}
