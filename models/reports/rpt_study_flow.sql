-- Grain: one row per box of the flow figure. A search has every box of the PRISMA 2020 template, n
-- is NULL where it is silent; its second branch is there where it has a number.
with

flow as (
    select * from {{ ref('fct_study_flow') }}
),

printed as (
    select * from flow
    where source != 'this_extraction'
),

template as (
    select
        branch,
        arg_min(item, sort_order) filter (role = 'stage') as stage_id,
        arg_min(label, sort_order) filter (role = 'stage') as label,
        any_value(label) filter (role = 'leaving') as excluded_label,
        min(sort_order) as box_order
    from {{ ref('stg_protocol__flow_items') }}
    group by branch, stage
),

searches as (
    select
        source,
        bool_or(branch = 'other') as has_other_branch
    from printed
    group by source
),

boxes as (
    select
        searches.source,
        template.branch,
        template.stage_id,
        template.label,
        template.box_order,
        template.excluded_label,
        printed.n,
        printed.n_basis,
        printed.n_excluded,
        printed.excluded_basis,
        lead(printed.n) over (
            partition by searches.source, template.branch = 'other' order by template.box_order
        ) as n_next
    from searches
    inner join template on template.branch != 'other' or searches.has_other_branch
    left join printed
        on searches.source = printed.source and template.stage_id = printed.stage_id
),

-- A difference is of two neighbours only: between others more than this box leaves.
told as (
    select
        *,
        excluded_basis in ('reported', 'sum') or n_next is not null as is_told
    from boxes
),

searched as (
    select
        source,
        branch,
        box_order,
        stage_id,
        label,
        n,
        coalesce(n_basis, 'not_reported') as n_basis,
        if(is_told, n_excluded, null) as n_excluded,
        case
            when is_told and excluded_basis is not null then excluded_basis
            when excluded_label is not null then 'not_reported'
        end as excluded_basis,
        excluded_label
    from told
),

stacked as (
    select * from searched
    union all by name
    select
        source,
        branch,
        stage_order as box_order,
        stage_id,
        label,
        n,
        n_basis,
        n_excluded,
        excluded_basis,
        excluded_label
    from flow
    where source = 'this_extraction'
),

final as (
    select
        cast(
            row_number() over (partition by source order by box_order) as integer
        ) as stage_order,
        stage_id,
        source,
        branch,
        label,
        cast(n as integer) as n,
        n_basis,
        cast(n_excluded as integer) as n_excluded,
        excluded_basis,
        excluded_label
    from stacked
)

select * from final
order by source, stage_order
