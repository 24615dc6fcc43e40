-- Grain: one row per code of the vocabulary measures.
{{ stage_sheet('measures') }}
