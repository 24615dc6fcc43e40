-- Grain: one row per code of the vocabulary therapies.
{{ stage_sheet('therapies') }}
