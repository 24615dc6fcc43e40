-- Grain: one row per analysis and policy with bounds of its printed numbers: the smallest and the
-- largest that each number of its pooled result comes to, when every printed number is pushed to
-- the end of its range that moves the result that way. Both ends are results of numbers that would
-- be printed as they are.
{% set quantities = rounding_quantities() %}
with

members as (
    select * from {{ ref('int_rounding_members') }}
),

slopes as (
    pivot {{ ref('int_rounding_slopes') }}
    on raised in ('estimate', 'variance')
    using any_value(slopes)
    group by analysis_id, policy_id
),

corners as (
    select
        members.*,
        slopes.estimate as estimate_slopes,
        slopes.variance as variance_slopes,
        quantities.number as quantity,
        ends.direction
    from members
    inner join slopes
        on members.analysis_id = slopes.analysis_id and members.policy_id = slopes.policy_id
    cross join range(1, {{ quantities | length + 1 }}) as quantities (number)
    cross join (values (-1), (1)) as ends (direction)
),

inputs as (
    select
        * exclude (yis, vis),
        list_transform(
            list_zip(yis_low, yis, yis_high, estimate_slopes),
            lambda m: case direction * m[4][quantity]
                when -1 then m[1]
                when 0 then m[2]
                when 1 then m[3]
            end
        ) as yis,
        list_transform(
            list_zip(vis_low, vis, vis_high, variance_slopes),
            lambda m: case direction * m[4][quantity]
                when -1 then m[1]
                when 0 then m[2]
                when 1 then m[3]
            end
        ) as vis
    from corners
),

{{ pool_inputs() }},

results as (
    select
        analysis_id,
        policy_id,
        {{ rounding_results('fit', 'egger_test(yis, vis)') }} as results
    from final

    union all

    select
        analysis_id,
        policy_id,
        {{ rounding_results('base', 'egger_test(yis, vis)') }} as results
    from members
)

select
    {%- for quantity in quantities %}
    min(results[{{ loop.index }}]) as {{ quantity }}_min,
    max(results[{{ loop.index }}]) as {{ quantity }}_max,
    {%- endfor %}
    analysis_id,
    policy_id
from results
group by analysis_id, policy_id
