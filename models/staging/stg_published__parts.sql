-- Grain: one row per valid row of the sheet published_parts, with the text and the number of
-- decimals of the value. n_rows_of_sum counts the sheet's rows, rejected ones included: a sum that
-- lost a row cannot be checked.
with

sheet as (
    {{ stage_sheet('published_parts') }}
),

printed as (
    {{ printed_numbers('published_parts', ['value']) }}
),

sums as (
    select
        {{ clean_text('sum_id') }} as sum_id,
        count(*) as n_rows_of_sum
    from {{ ref('published_parts') }}
    group by all
),

final as (
    select
        sheet.*,
        printed.* exclude (row_number),
        sums.n_rows_of_sum
    from sheet
    inner join printed on sheet.row_number = printed.row_number
    inner join sums on sheet.sum_id = sums.sum_id
)

select * from final
order by row_number
