-- Grain: one row per valid row of the sheet baseline_risks.
{{ stage_sheet('baseline_risks', is_worded=true) }}
