-- Grain: one row per kind of analysis, filter and code that the page offers for it.
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

kinds as (
    select
        analysis_kind,
        (
            select count(*) from {{ ref('rpt_explorer_analyses') }} as analyses
            where analyses.analysis_kind = kinds.analysis_kind
        ) as n_analyses,
        (
            select count(*) from {{ ref('rpt_explorer') }} as effects
            where effects.analysis_kind = kinds.analysis_kind
        ) as n_effects
    from {{ ref('rpt_explorer_kinds') }} as kinds
),

filters as (
    select
        codes.analysis_kind,
        codes.filter_name,
        count_if(codes.row_kind = 'analysis') < any_value(kinds.n_analyses) as may_be_open,
        -- A filter is offered where it can tell two rows apart.
        count(distinct codes.code) > 1
        or count_if(codes.row_kind = 'effect') < any_value(kinds.n_effects)
        or not bool_and(codes.is_taken_where_open) as is_offered
    from codes
    inner join kinds on codes.analysis_kind = kinds.analysis_kind
    group by codes.analysis_kind, codes.filter_name
),

offered as (
    select
        analysis_kind,
        filter_name,
        code,
        bool_and(is_taken_where_open) as is_taken_where_open
    from codes
    group by analysis_kind, filter_name, code
),

final as (
    select
        offered.analysis_kind,
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
        ) as code_label,
        offered.is_taken_where_open
    from offered
    inner join filters
        on
            offered.analysis_kind = filters.analysis_kind
            and offered.filter_name = filters.filter_name
    inner join columns on offered.filter_name = columns.column_name
    left join labels
        on
            coalesce(columns.vocabulary, split_part(columns.reference_to, '.', 1))
            = labels.vocabulary
            and offered.code = labels.code
    where filters.is_offered
)

select * from final
