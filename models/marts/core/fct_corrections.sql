-- Grain: one row per cell that was decided about after it had been typed.
with

corrections as (
    select * from {{ ref('stg_extraction__corrections') }}
),

final as (
    select
        sheet || ': ' || row_id || ', ' || column_name as correction_id,
        sheet,
        row_id,
        column_name,
        old_value,
        new_value,
        (old_value is distinct from new_value) as is_changed,
        reason,
        source_locator,
        row_number as sheet_row
    from corrections
)

select * from final
order by sheet_row
