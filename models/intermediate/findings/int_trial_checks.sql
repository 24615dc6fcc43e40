-- Grain: one row per trial in which a rule of trials finds something.
{{ checks_of_sheet(
    'primary_studies', 'comparison_id', trial_numbers(), trial_ranges('printed'), trial_checks()
) }}
