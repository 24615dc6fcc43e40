-- Grain: one row per meta-analysis that was found, but whose numbers could not be read.
with

unread as (
    select * from {{ ref('stg_extraction__unread_meta_analyses') }}
),

final as (
    select
        meta_analysis_id,
        first_author,
        year,
        title,
        doi,
        source_url,
        reason,
        row_number as sheet_row
    from unread
)

select * from final
order by sheet_row
