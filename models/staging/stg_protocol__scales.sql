-- Grain: one row per valid row of the sheet scales.
{{ stage_sheet('scales') }}
