-- Grain: one row per valid row of the sheet follow_up_correlations.
{{ stage_sheet('follow_up_correlations') }}
