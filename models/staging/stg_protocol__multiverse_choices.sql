-- Grain: one row per valid row of the sheet multiverse_choices.
{{ stage_sheet('multiverse_choices', is_worded=true) }}
