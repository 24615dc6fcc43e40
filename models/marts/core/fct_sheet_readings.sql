-- Grain: one row per cell that is read as something else than what was typed, and per sheet that is
-- not written as plain CSV.
with

readings as (
    select * from {{ ref('stg_sheet_readings') }}
    where problem is null
),

final as (
    select
        concat_ws(':', sheet, row_number, column_name) as reading_id,
        sheet,
        row_number,
        column_name,
        typed,
        read_as,
        how
    from readings
)

select * from final
order by sheet, row_number, column_name
