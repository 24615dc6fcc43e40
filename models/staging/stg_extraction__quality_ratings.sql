-- Grain: one row per valid row of the sheet quality_ratings.
{{ stage_sheet('quality_ratings') }}
