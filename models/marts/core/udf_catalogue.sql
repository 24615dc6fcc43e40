-- Grain: one row per function that Python adds to DuckDB.
with

catalogue as (
    select * from {{ source('python_udfs', 'udf_catalogue') }}
),

final as (
    select *
    from catalogue
)

select * from final
order by udf_name
