-- Grain: one row per rule of a scheme.
{{ config(post_hook="{{ create_grading_macros() }}") }}
-- depends_on: {{ ref('dim_grading_criteria') }}
-- depends_on: {{ ref('dim_grades') }}
select * exclude (row_number)
from {{ ref('stg_protocol__grading_rules') }}
order by row_number
