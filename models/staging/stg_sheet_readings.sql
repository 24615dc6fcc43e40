-- Grain: one row per cell that is read as something else than what was typed, or that can be read
-- in no way or in two; and one per sheet that is not written as plain CSV, without row and column.
with

readings as (
    select * from {{ source('sheets', 'sheet_readings') }}
),

final as (
    select
        sheet,
        try_cast(row_number as bigint) as row_number,
        column_name,
        typed,
        read_as,
        how,
        problem,
        expected
    from readings
)

select * from final
