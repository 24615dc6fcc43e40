-- Grain: one row per graded result, scheme and variant of the scheme.
with

domains as (
    select * from {{ ref('int_grade_domains') }}
),

grades as (
    select * from {{ ref('stg_protocol__grading_grades') }}
),

{{ grade_ctes('domains', 'grades') }}

select * from grade_outcomes
