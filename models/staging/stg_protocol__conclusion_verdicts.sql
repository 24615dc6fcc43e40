-- Grain: one row per valid row of the sheet conclusion_verdicts.
{{ stage_sheet('conclusion_verdicts') }}
