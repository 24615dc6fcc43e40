-- Grain: one row per code of the vocabulary deliveries.
{{ stage_sheet('deliveries') }}
