-- Grain: one row per valid row of the sheet review_kinds.
{{ stage_sheet('review_kinds') }}
