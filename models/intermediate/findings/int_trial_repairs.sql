-- Grain: one row per trial in which a rule finds something, and repair of its cells that mends it.
{{ repairs_of_sheet(
    'primary_studies', ref('int_trial_checks'), trial_numbers(), trial_ranges('repaired'),
    trial_checks(), trial_repairs()
) }}
