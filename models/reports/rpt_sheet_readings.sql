-- Grain: one row per column of a sheet and way of writing that was read in it, and per sheet that
-- is not written as plain CSV.
with

readings as (
    select * from {{ ref('fct_sheet_readings') }}
),

final as (
    select
        sheet,
        column_name,
        how,
        if(column_name is null, null, cast(count(*) as integer)) as n_cells,
        min(row_number) as first_row,
        arg_min(typed, row_number) as example_typed,
        arg_min(read_as, row_number) as example_read_as
    from readings
    group by sheet, column_name, how
)

select * from final
order by sheet, column_name, how
