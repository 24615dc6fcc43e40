-- Grain: one row per valid row of the sheet credibility_ceilings.
{{ stage_sheet('credibility_ceilings') }}
