-- Grain: one row per valid row of the sheet published_words.
{{ stage_sheet('published_words') }}
