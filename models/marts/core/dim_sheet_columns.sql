-- Grain: one row per column of each sheet.
with

sheet_columns as (
    select * from {{ ref('stg_sheet_columns') }}
),

final as (
    select * replace (array_to_string(allowed, ', ') as allowed)
    from sheet_columns
)

select * from final
order by folder, sheet, column_order
