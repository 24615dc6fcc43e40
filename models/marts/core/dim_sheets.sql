-- Grain: one row per sheet: its size, the fate of its rows, and a checksum of its content.
with

columns as (
    select * from {{ ref('stg_sheet_columns') }}
),

cells as (
    select
        cells.sheet,
        cells.row_number,
        columns.column_order,
        cells.column_name,
        cells.typed as value
    from {{ ref('stg_sheet_cells') }} as cells
    inner join columns
        on cells.sheet = columns.sheet and cells.column_name = columns.column_name
),

-- Every part carries its length: no two contents give the same text.
row_texts as (
    select
        sheet,
        row_number,
        string_agg(
            column_name || ':' || if(value is null, '-', length(value) || ':' || value), ','
            order by column_order
        ) as row_text
    from cells
    group by sheet, row_number
),

contents as (
    select
        sheet,
        count(*) as n_rows,
        sha256(string_agg(row_text, chr(10) order by row_number)) as content_sha256
    from row_texts
    group by sheet
),

fates as (
    select
        sheet,
        count(*) filter (disposition = 'used') as n_used,
        count(*) filter (disposition = 'kept') as n_kept,
        count(*) filter (disposition = 'rejected') as n_rejected
    from {{ ref('fct_row_dispositions') }}
    group by sheet
),

sheets as (
    select
        sheet,
        min(folder) as folder,
        count(*) as n_columns
    from columns
    group by sheet
),

final as (
    select
        sheets.sheet,
        sheets.folder,
        coalesce(contents.n_rows, 0) as n_rows,
        sheets.n_columns,
        coalesce(fates.n_used, 0) as n_used,
        coalesce(fates.n_kept, 0) as n_kept,
        coalesce(fates.n_rejected, 0) as n_rejected,
        coalesce(contents.content_sha256, sha256('')) as content_sha256
    from sheets
    left join contents on sheets.sheet = contents.sheet
    left join fates on sheets.sheet = fates.sheet
)

select * from final
