-- Grain: one row per criterion of a scheme and kind of outcome.
select * exclude (row_number)
from {{ ref('stg_protocol__grading_criteria') }}
order by row_number
