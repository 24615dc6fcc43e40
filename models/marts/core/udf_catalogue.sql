-- Grain: one row per function that this project adds to DuckDB: by Python, or stored in the file.
with

python_functions as (
    select
        *,
        true as needs_python
    from {{ source('python_udfs', 'udf_catalogue') }}
),

stored_macros as (
    {%- for entry in persisted_macros() %}
    select
        {{ sql_text(entry.name) }} as udf_name,
        'stored macros' as topic,
        {{ sql_text(entry.arguments) }} as arguments,
        {{ sql_text(entry.returns) }} as returns,
        'result: ' || {{ sql_text(entry.unit) }} as unit,
        {{ sql_text(entry.description) }} as description,
        {{ sql_text(entry.source) }} as source,
        {{ sql_text(entry.get('same_as')) }} as same_as,
        false as needs_python
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select * from python_functions
    union all by name
    select * from stored_macros
)

select * from final
order by topic, udf_name
