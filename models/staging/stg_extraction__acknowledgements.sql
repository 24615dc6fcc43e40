-- Grain: one row per valid row of the sheet acknowledgements.
{{ stage_sheet('acknowledgements') }}
