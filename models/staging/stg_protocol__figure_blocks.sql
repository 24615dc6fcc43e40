-- Grain: one row per valid row of the sheet figure_blocks.
{{ stage_sheet('figure_blocks', is_worded=true) }}
