-- Grain: one row per sum of a flow diagram that does not give the number beside it, and per number
-- that has no box.
with

boxes as (
    select * from {{ ref('int_flow_boxes') }}
),

followed as (
    select
        *,
        lead(n) over flow as n_next,
        lead(stage_row) over flow as next_row,
        lead(stage_row_id) over flow as next_row_id,
        lead(box_label) over flow as next_label,
        lead(box_number) over flow = box_number + 1 as is_next
    from boxes
    where branch != 'joined'
    window flow as (partition by source, branch order by stage_order)
),

last_boxes as (
    select * from boxes
    where branch != 'joined'
    qualify row_number() over (partition by source, branch order by stage_order desc) = 1
),

-- What remains of every branch at its end; unknown where one of them is.
ends as (
    select
        source,
        if(
            count(n - n_left) filter (stage = 'assessed') = count(*), sum(n - n_left), null
        ) as n_remaining
    from last_boxes
    group by source
),

sums as (
    select
        sheet,
        column_name,
        stage_row as row_number,
        stage_row_id as row_id,
        n_stage || ' beside ' || n_sources || ' of its sources' as printed,
        n_sources as implied,
        'the sources of ' || lower(box_label) || ' add up to ' || n_sources || ', not to '
        || n_stage as why
    from boxes
    where n_stage != n_sources

    union all

    select
        sheet,
        column_name,
        leaving_row as row_number,
        leaving_row_id as row_id,
        n_leaving || ' beside ' || n_leaving_parts || ' of its parts' as printed,
        n_leaving_parts as implied,
        'the parts and reasons of ' || lower(leaving_label) || ' add up to ' || n_leaving_parts
        || ', not to ' || n_leaving as why
    from boxes
    where n_leaving != n_leaving_parts

    union all

    select
        sheet,
        column_name,
        coalesce(next_row, stage_row) as row_number,
        coalesce(next_row_id, stage_row_id) as row_id,
        n_next || ' beside ' || n || ' less ' || n_left as printed,
        n - n_left as implied,
        lower(box_label) || ' ' || n || ' less ' || lower(leaving_label) || ' ' || n_left || ' are '
        || (n - n_left) || ', not the ' || n_next || ' of ' || lower(next_label) as why
    from followed
    -- Between others some may have left that are not reported; none can have come.
    where (is_next and n_next != n - n_left) or n_next > n - n_left

    union all

    select
        boxes.sheet,
        boxes.column_name,
        coalesce(boxes.reports_row, boxes.stage_row) as row_number,
        coalesce(boxes.reports_row_id, boxes.stage_row_id) as row_id,
        coalesce(boxes.n_reports, boxes.n) || ' beside ' || ends.n_remaining || ' that remain'
            as printed,
        ends.n_remaining as implied,
        'reports assessed less reports excluded are ' || ends.n_remaining || ', not the '
        || coalesce(boxes.n_reports, boxes.n) || ' that are included' as why
    from boxes
    inner join ends on boxes.source = ends.source
    where boxes.branch = 'joined' and coalesce(boxes.n_reports, boxes.n) != ends.n_remaining
),

-- A number without a box is in the diagram, but not in its flow.
unplaced as (
    select
        sheet,
        column_name,
        row_number,
        row_id,
        cast(n as varchar) as printed,
        cast(null as bigint) as implied,
        'no box of the flow diagram is called ' || typed_item as why
    from {{ ref('int_flow_numbers') }}
    where item is null
),

final as (
    select
        *,
        'flow_does_not_add_up' as rule
    from sums
    union all
    select
        *,
        'flow_without_box' as rule
    from unplaced
)

select
    sheet,
    row_number,
    row_id,
    rule,
    column_name as columns,
    printed,
    cast(implied as double) as implied_low,
    cast(implied as double) as implied_high,
    why,
    cast(null as varchar) as candidate
from final
