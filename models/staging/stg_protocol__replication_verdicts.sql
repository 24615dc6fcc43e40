-- Grain: one row per valid row of the sheet replication_verdicts.
{{ stage_sheet('replication_verdicts') }}
