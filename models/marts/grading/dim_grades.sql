-- Grain: one row per grade of a scheme.
select * exclude (row_number)
from {{ ref('stg_protocol__grading_grades') }}
order by scheme, max_points
