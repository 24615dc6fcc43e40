-- Grain: one row per box of a flow diagram of PRISMA 2020 that a review has a number for: how many
-- reach it and how many leave it, as reported, or as the sum of what is reported.
with

numbers as (
    select
        *,
        bool_or(detail is null) over (partition by source, item) as has_total
    from {{ ref('int_flow_numbers') }}
    where item is not null
),

-- Where two items tell the same total, the first of the list does.
totals as (
    select
        source,
        branch,
        stage,
        stage_order,
        arg_min(n, sort_order) filter (role = 'stage' and detail is null) as n_stage,
        arg_min(row_number, sort_order) filter (role = 'stage' and detail is null) as stage_row,
        arg_min(row_id, sort_order) filter (role = 'stage' and detail is null) as stage_row_id,
        arg_min(label, sort_order) filter (role = 'stage' and detail is null) as label,
        sum(n) filter (role = 'stage' and detail is not null) as n_sources,
        any_value(n) filter (role = 'reports' and detail is null) as n_reports,
        any_value(row_number) filter (role = 'reports' and detail is null) as reports_row,
        any_value(row_id) filter (role = 'reports' and detail is null) as reports_row_id,
        any_value(n) filter (role = 'leaving' and detail is null) as n_leaving,
        any_value(row_number) filter (role = 'leaving' and detail is null) as leaving_row,
        any_value(row_id) filter (role = 'leaving' and detail is null) as leaving_row_id,
        -- The parts of a number are counted once: its own details only where it has no total.
        sum(n) filter (
            (role = 'leaving' and detail is not null) or (role = 'leaving_part' and not has_total)
            or (role = 'leaving_part' and detail is null)
        ) as n_leaving_parts,
        any_value(sheet) as sheet,
        any_value(column_name) as column_name
    from numbers
    group by source, branch, stage, stage_order
),

boxes as (
    select
        branch,
        stage,
        arg_min(item, sort_order) filter (role = 'stage') as stage_id,
        arg_min(label, sort_order) filter (role = 'stage') as box_label,
        any_value(label) filter (role = 'leaving') as leaving_label,
        row_number() over (partition by branch order by min(sort_order)) as box_number
    from {{ ref('stg_protocol__flow_items') }}
    group by branch, stage
),

final as (
    select
        totals.*,
        boxes.stage_id,
        boxes.box_label,
        boxes.leaving_label,
        boxes.box_number,
        coalesce(n_stage, n_sources) as n,
        coalesce(n_leaving, n_leaving_parts) as n_left,
        case
            when n_stage is not null then 'reported'
            when n_sources is not null then 'sum'
            else 'not_reported'
        end as n_basis,
        bool_or(totals.branch = 'other') over (partition by source) as has_other_branch
    from totals
    inner join boxes on totals.branch = boxes.branch and totals.stage = boxes.stage
)

select * from final
