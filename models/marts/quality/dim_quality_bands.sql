-- Grain: one row per appraisal tool and rating it can give, the best first.
with

bands as (
    select
        'amstar' as tool,
        band as rating,
        label,
        cast(row_number() over (order by lower_bound desc) as integer) as rating_order
    from {{ ref('stg_protocol__amstar_bands') }}

    union all by name

    select
        'amstar2' as tool,
        band as rating,
        label,
        cast(row_number() over (order by band_order) as integer) as rating_order
    from {{ ref('stg_protocol__amstar2_bands') }}
)

select * from bands
order by tool, rating_order
