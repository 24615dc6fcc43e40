-- Grain: one row per valid row of the sheet policies.
{{ stage_sheet('policies') }}
