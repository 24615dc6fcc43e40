-- Grain: one row per contrast and group; the groups are analyses of fct_pooled_effects or
-- fct_pooled_rates.
with

contrasts as (
    select * from {{ ref('stg_protocol__contrasts') }}
),

final as (
    select * exclude (row_number)
    from contrasts
)

select * from final
order by contrast_id, sort_order
