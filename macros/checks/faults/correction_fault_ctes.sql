{% macro correction_fault_ctes() %}
wide_corrections as (
    {{ wide_cells('corrections', [], ['sheet', 'row_id', 'column_name', 'new_value']) }}
),

-- A row is named by the first key column of its sheet, or by all of them.
named_rows as (
    select
        sheet,
        row_number,
        value as row_id
    from cells
    where is_key and column_order = 1

    union

    select
        sheet,
        row_number,
        row_id
    from row_ids
),

corrected_cells as (
    select
        wide_corrections.row_number,
        any_value(cells.value) as value,
        any_value(cells.typed) as typed,
        count(cells.row_number) as n_cells
    from wide_corrections
    left join named_rows
        on
            wide_corrections.sheet = named_rows.sheet
            and wide_corrections.row_id = named_rows.row_id
    left join cells
        on
            named_rows.sheet = cells.sheet
            and named_rows.row_number = cells.row_number
            and wide_corrections.column_name = cells.column_name
    group by wide_corrections.row_number
),

correction_faults as (
    select
        'corrections' as sheet,
        wide_corrections.row_number,
        if(corrected_cells.n_cells = 1, 'new_value', 'row_id') as column_name,
        if(corrected_cells.n_cells = 1, new_value, row_id) as value,
        if(
            corrected_cells.n_cells = 1,
            'the cell holds something else',
            'not one cell of the sheet it names'
        ) as reason,
        if(
            corrected_cells.n_cells = 1,
            coalesce(corrected_cells.value, 'an empty cell'),
            'sheet, row and column of a cell: the first key of the row, or all of them with '' / '' between'
        ) as expected,
        'reject' as severity
    from wide_corrections
    inner join corrected_cells
        on wide_corrections.row_number = corrected_cells.row_number
    where
        corrected_cells.n_cells != 1
        or (
            wide_corrections.new_value is distinct from corrected_cells.value
            and wide_corrections.new_value is distinct from corrected_cells.typed
        )
)
{%- endmacro %}
