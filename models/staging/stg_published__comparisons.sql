-- Grain: one row per valid row of the sheet published_comparisons.
{{ stage_sheet('published_comparisons') }}
