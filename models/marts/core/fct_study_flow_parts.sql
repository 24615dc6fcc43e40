-- Grain: one row per part of a number of the flow: a source of the records, a reason to leave, the
-- reports of what is included; and per number that no box takes.
with

numbers as (
    select * from {{ ref('int_flow_numbers') }}
),

boxes as (
    select * from {{ ref('int_flow_boxes') }}
),

parts as (
    select
        numbers.*,
        boxes.stage_id,
        case
            when numbers.item is null then 'no_box'
            when numbers.role = 'stage' and numbers.detail is not null then 'source'
            when numbers.role = 'reports' then 'reports'
            when numbers.role = 'leaving_part' or numbers.detail is not null then 'leaving'
            -- A second item that tells the same total.
            when numbers.role = 'stage' and numbers.row_number != boxes.stage_row then 'no_box'
        end as part_kind
    from numbers
    left join boxes
        on
            numbers.source = boxes.source
            and numbers.branch = boxes.branch
            and numbers.stage = boxes.stage
),

final as (
    select
        sheet || ':' || row_number as part_id,
        source,
        stage_id,
        part_kind,
        label,
        n
    from parts
    where part_kind is not null
)

select * from final
order by source, part_kind, n desc, label
