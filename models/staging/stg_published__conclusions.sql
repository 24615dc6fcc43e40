-- Grain: one row per valid row of the sheet published_conclusions.
{{ stage_sheet('published_conclusions') }}
