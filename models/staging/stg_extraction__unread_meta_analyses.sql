-- Grain: one row per valid row of the sheet unread_meta_analyses.
{{ stage_sheet('unread_meta_analyses') }}
