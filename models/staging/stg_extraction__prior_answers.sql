-- Grain: one row per valid row of the sheet prior_answers.
{{ stage_sheet('prior_answers') }}
