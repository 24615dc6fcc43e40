-- Grain: one row per valid row of the sheet primary_studies.
{{ stage_sheet('primary_studies') }}
