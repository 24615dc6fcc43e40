-- Grain: one row per code of the vocabulary exclusion_reasons.
{{ stage_sheet('exclusion_reasons') }}
