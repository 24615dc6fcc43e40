-- Grain: one row per rule and trial: numbers that do not go together.
{{ findings_of_sheet(ref('int_trial_checks'), ref('int_trial_repairs')) }}
