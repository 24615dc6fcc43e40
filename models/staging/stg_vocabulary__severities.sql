-- Grain: one row per code of the vocabulary severities.
{{ stage_sheet('severities') }}
