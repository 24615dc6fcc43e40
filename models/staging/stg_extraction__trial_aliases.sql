-- Grain: one row per valid row of the sheet trial_aliases.
{{ stage_sheet('trial_aliases') }}
