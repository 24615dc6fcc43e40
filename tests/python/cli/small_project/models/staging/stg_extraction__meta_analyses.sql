-- Grain: one row per meta-analysis, with the row number a spreadsheet shows.
select
    row_number,
    meta_analysis_id,
    year as year_as_typed,
    try_cast(year as integer) as year,
    title
from {{ ref('meta_analyses') }}
