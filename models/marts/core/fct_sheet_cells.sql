-- Grain: one row per cell of each sheet, as typed, trimmed.
with

cells as (
    select * from {{ ref('stg_sheet_cells') }}
),

final as (
    select
        sheet,
        row_number,
        column_name,
        typed as value
    from cells
)

select * from final
