-- Grain: one row per valid row of the sheet ma_relations.
{{ stage_sheet('ma_relations') }}
