-- Grain: one row per code of the vocabulary rate_definitions.
{{ stage_sheet('rate_definitions') }}
