-- Grain: one row per valid row of the sheet finding_rules.
{{ stage_sheet('finding_rules') }}
