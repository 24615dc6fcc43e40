-- Grain: one row per contour of a funnel plot (Peters and others 2008), the widest first.
with

contours as (
    select
        unnest([0.01, 0.05, 0.10]) as p_value,
        unnest([2.5758293035489, 1.9599639845400536, 1.6448536269514715]) as z
),

final as (
    select
        cast(p_value as double) as p_value,
        cast(z as double) as z
    from contours
)

select * from final
order by p_value
