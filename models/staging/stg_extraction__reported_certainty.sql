-- Grain: one row per valid row of the sheet reported_certainty.
{{ stage_sheet('reported_certainty') }}
