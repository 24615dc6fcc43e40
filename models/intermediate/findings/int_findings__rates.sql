-- Grain: one row per rule and rate: numbers that do not go together.
{{ findings_of_sheet(ref('int_rate_checks'), ref('int_rate_repairs')) }}
