-- Grain: one row per code of the vocabulary outcomes.
{{ stage_sheet('outcomes') }}
