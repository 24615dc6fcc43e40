-- Grain: one row per valid row of the sheet primary_studies. Rows without an identifier of their
-- trial are one trial where source, label and year are the same.
{{ stage_sheet('primary_studies', {'study_id': "concat_ws(':', source, study, year)"}) }}
