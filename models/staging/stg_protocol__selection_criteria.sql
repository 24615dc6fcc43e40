-- Grain: one row per valid row of the sheet selection_criteria.
{{ stage_sheet('selection_criteria') }}
