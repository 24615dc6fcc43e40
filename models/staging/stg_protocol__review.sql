-- Grain: one row per valid row of the sheet review.
{{ stage_sheet('review') }}
