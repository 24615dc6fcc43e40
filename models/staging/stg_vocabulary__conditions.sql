-- Grain: one row per code of the vocabulary conditions.
{{ stage_sheet('conditions') }}
