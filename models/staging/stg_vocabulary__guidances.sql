-- Grain: one row per code of the vocabulary guidances.
{{ stage_sheet('guidances') }}
