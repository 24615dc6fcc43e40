-- Grain: one row per grade of a scheme.
select
    * exclude (row_number),
    cast(row_number() over (partition by scheme order by max_points) as integer) as place,
    cast(count(*) over (partition by scheme) as integer) as n_grades
from {{ ref('stg_protocol__grading_grades') }}
order by scheme, max_points
