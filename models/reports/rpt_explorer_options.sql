-- Grain: one row per filter of analyses and code that the page offers for it.
with

codes as (
    select * from {{ ref('rpt_explorer_codes') }}
),

columns as (
    select * from {{ ref('stg_sheet_columns') }}
    where sheet = 'analyses'
),

labels as (
    select * from {{ ref('dim_filter_codes') }}
),

filters as (
    select
        filter_name,
        count_if(row_kind = 'analysis')
        < (select count(*) from {{ ref('rpt_explorer_analyses') }}) as may_be_open
    from codes
    group by filter_name
),

offered as (
    select distinct
        filter_name,
        code
    from codes
),

final as (
    select
        offered.filter_name,
        columns.column_order as filter_order,
        filters.filter_name in (
            '{{ subgroup_filters() | join("', '") }}'
        ) as is_of_subgroups,
        filters.may_be_open,
        offered.code,
        coalesce(
            labels.label,
            upper(left(offered.code, 1)) || replace(substr(offered.code, 2), '_', ' ')
        ) as code_label
    from offered
    inner join filters on offered.filter_name = filters.filter_name
    inner join columns on offered.filter_name = columns.column_name
    left join labels
        on
            coalesce(columns.vocabulary, split_part(columns.reference_to, '.', 1))
            = labels.vocabulary
            and offered.code = labels.code
)

select * from final
