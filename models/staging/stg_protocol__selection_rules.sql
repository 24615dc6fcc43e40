-- Grain: one row per valid row of the sheet selection_rules.
{{ stage_sheet('selection_rules', is_worded=true) }}
