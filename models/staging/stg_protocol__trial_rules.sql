-- Grain: one row per valid row of the sheet trial_rules.
{{ stage_sheet('trial_rules') }}
