-- Grain: one row per valid row of the sheet published_claims, with the text and the number of
-- decimals of each printed number. The published review's short therapy names become codes.
with

sheet as (
    {{ stage_sheet('published_claims') }}
),

printed as (
    {{ printed_numbers('published_claims', ['estimate', 'ci_low', 'ci_high', 'p_value']) }}
),

short_forms as (
    select
        unnest(['CBT', 'CBT_combined', 'ACT', 'BA']) as short_form,
        unnest(['cbt', 'cbt_combined', 'act', 'behavioural_activation']) as role
),

therapies as (
    select * from {{ ref('stg_vocabulary__therapies') }}
),

final as (
    select
        sheet.* replace (
            coalesce(therapies.code, sheet.therapy) as therapy
        ),
        printed.* exclude (row_number)
    from sheet
    inner join printed on sheet.row_number = printed.row_number
    left join short_forms on sheet.therapy = short_forms.short_form
    left join therapies on short_forms.role = therapies.role
)

select * from final
order by row_number
