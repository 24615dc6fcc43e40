-- Grain: one row per cell of each sheet, trimmed. The row number is the one a spreadsheet shows.
with

typed as (
    {% for sheet in sheet_names() %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        column_name,
        {{ clean_text('value') }} as typed
    from {{ ref(sheet) }}
    unpivot include nulls (value for column_name in (columns(* exclude (row_number))))
    {{ "union all" if not loop.last }}
    {% endfor %}
),

readings as (
    select * from {{ ref('stg_sheet_readings') }}
    where problem is null
),

final as (
    select
        typed.sheet,
        typed.row_number,
        typed.column_name,
        if(readings.sheet is not null, readings.read_as, typed.typed) as value,
        typed.typed
    from typed
    left join readings
        on
            typed.sheet = readings.sheet
            and typed.row_number = readings.row_number
            and typed.column_name = readings.column_name
)

select * from final
