-- Grain: one row per option of a choice of the multiverse.
select
    choice,
    option,
    label,
    cast(sort_order as integer) as sort_order
from {{ ref('stg_protocol__multiverse_choices') }}
