-- Grain: one row per valid row of the sheet published_claims, with the text and the number of
-- decimals of each printed number. The published review's short therapy names become codes.
with

sheet as (
    {{ stage_sheet('published_claims') }}
),

printed as (
    {{ printed_numbers('published_claims', ['estimate', 'ci_low', 'ci_high', 'p_value']) }}
),

final as (
    select
        sheet.* replace (
            case sheet.therapy
                when 'CBT' then 'cbt'
                when 'CBT_combined' then 'cbt_combined'
                when 'ACT' then 'act'
                when 'BA' then 'behavioural_activation'
                else sheet.therapy
            end as therapy
        ),
        printed.* exclude (row_number)
    from sheet
    inner join printed on sheet.row_number = printed.row_number
)

select * from final
order by row_number
