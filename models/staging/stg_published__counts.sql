-- Grain: one row per valid row of the sheet published_counts, with the text and the number of
-- decimals of each printed number.
with

sheet as (
    {{ stage_sheet('published_counts') }}
),

printed as (
    {{ printed_numbers(
        'published_counts',
        ['numerator', 'denominator', 'percent', 'value', 'range_low', 'range_high'],
    ) }}
),

final as (
    select
        sheet.*,
        printed.* exclude (row_number)
    from sheet
    inner join printed on sheet.row_number = printed.row_number
)

select * from final
order by row_number
