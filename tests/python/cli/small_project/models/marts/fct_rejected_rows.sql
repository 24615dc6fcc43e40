-- Grain: one row per cell that cannot be used.
select
    'meta_analyses' as sheet,
    row_number,
    meta_analysis_id as row_id,
    'year' as column_name,
    year_as_typed as value,
    'not a whole number' as reason,
    'a year such as 2019' as expected,
    'reject' as severity
from {{ ref('stg_extraction__meta_analyses') }}
where year is null
