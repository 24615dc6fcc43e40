-- Grain: one row per grade of a scheme, with its place: 1 is the best.
select
    scheme,
    grade,
    label,
    row_number() over (partition by scheme order by max_points) as place,
    count(*) over (partition by scheme) as n_grades
from {{ ref('stg_protocol__grading_grades') }}
