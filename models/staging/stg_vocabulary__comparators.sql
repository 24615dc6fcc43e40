-- Grain: one row per code of the vocabulary comparators.
{{ stage_sheet('comparators') }}
