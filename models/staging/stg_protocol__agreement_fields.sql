-- Grain: one row per valid row of the sheet agreement_fields.
{{ stage_sheet('agreement_fields') }}
