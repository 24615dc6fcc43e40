-- Grain: one row per valid row of the sheet study_inclusion.
{{ stage_sheet('study_inclusion') }}
