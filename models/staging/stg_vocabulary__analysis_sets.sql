-- Grain: one row per code of the vocabulary analysis_sets.
{{ stage_sheet('analysis_sets') }}
