-- Grain: one row per rate in which a rule of rates finds something.
{{ checks_of_sheet(
    'reported_rates', 'rate_id', rate_numbers(), rate_ranges('printed'), rate_checks()
) }}
