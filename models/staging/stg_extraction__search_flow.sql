-- Grain: one row per valid row of the sheet search_flow.
{{ stage_sheet('search_flow') }}
