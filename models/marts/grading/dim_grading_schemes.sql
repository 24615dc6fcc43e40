-- Grain: one row per scheme of grading.
select * exclude (row_number)
from {{ ref('stg_protocol__grading_schemes') }}
order by sort_order
