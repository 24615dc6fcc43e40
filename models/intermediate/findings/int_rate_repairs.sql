-- Grain: one row per rate in which a rule finds something, and repair of its cells that mends it.
{{ repairs_of_sheet(
    'reported_rates', ref('int_rate_checks'), rate_numbers(), rate_ranges('repaired'),
    rate_checks(), rate_repairs()
) }}
