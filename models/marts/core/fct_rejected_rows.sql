-- Grain: one row per fault of a sheet row. Severity 'reject': the row is in no other table;
-- 'not_poolable': the row is kept and never pooled.
with

faults as (
    select * from {{ ref('stg_sheet_faults') }}
),

final as (
    select
        concat_ws(
            ':', sheet, row_number, column_name,
            row_number() over (partition by sheet, row_number, column_name order by reason)
        ) as fault_id,
        sheet,
        row_number,
        row_id,
        column_name,
        value,
        reason,
        expected,
        severity
    from faults
)

select * from final
order by sheet, row_number, column_name
