-- Grain: one row per number of a flow diagram: of the published review, or of the team's own
-- search. What no box takes has no item; it never becomes a stage.
with

items as (
    select
        *,
        min(sort_order) over (partition by branch, stage) as stage_order
    from {{ ref('stg_protocol__flow_items') }}
),

published as (
    select
        'published' as source,
        'published_counts' as sheet,
        'value' as column_name,
        row_number,
        count_id as row_id,
        item as typed_item,
        cast(null as varchar) as detail,
        cast(value as bigint) as n
    from {{ ref('stg_published__counts') }}
    where topic = 'flow' and value is not null
),

own_search as (
    select
        'own_search' as source,
        'search_flow' as sheet,
        'n' as column_name,
        row_number,
        concat_ws(' / ', item, coalesce(detail, '?')) as row_id,
        item as typed_item,
        detail,
        n
    from {{ ref('stg_extraction__search_flow') }}
),

numbers as (
    select * from published
    union all
    select * from own_search
),

-- A published reason or source follows the longest item that it begins with.
placed as (
    select
        numbers.* exclude (detail),
        coalesce(
            numbers.detail,
            nullif(replace(substr(numbers.typed_item, length(items.item) + 2), '_', ' '), '')
        ) as detail,
        items.item,
        items.label as item_label,
        items.branch,
        items.stage,
        items.stage_order,
        items.role,
        items.sort_order
    from numbers
    left join items
        on
            numbers.typed_item = items.item
            or starts_with(numbers.typed_item, items.item || '_')
    qualify
        row_number() over (
            partition by numbers.sheet, numbers.row_number order by length(items.item) desc
        ) = 1
),

final as (
    select
        *,
        case
            when item is null
                then upper(left(typed_item, 1)) || replace(substr(typed_item, 2), '_', ' ')
            when detail is null then item_label
            when role = 'leaving_part' then item_label || ', ' || detail
            else upper(left(detail, 1)) || substr(detail, 2)
        end as label
    from placed
)

select * from final
