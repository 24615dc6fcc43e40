-- Grain: one row per valid row of the sheet replication_rules.
{{ stage_sheet('replication_rules') }}
