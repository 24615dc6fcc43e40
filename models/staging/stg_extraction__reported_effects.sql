-- Grain: one row per valid row of the sheet reported_effects.
{{ stage_sheet('reported_effects') }}
