-- Grain: one row per band of Cohen that begins above zero.
with

bands as (
    select * from {{ ref('stg_protocol__cohen_bands') }}
),

final as (
    select
        band,
        label,
        lower_bound
    from bands
    where lower_bound > 0
)

select * from final
order by lower_bound
