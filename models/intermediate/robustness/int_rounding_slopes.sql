-- Grain: one row per analysis and policy with bounds of its printed numbers: which way each number
-- of its pooled result moves when one estimate, or one variance, is the largest that prints so.
with

members as (
    select
        *,
        {{ rounding_results('base', 'egger_test(yis, vis)') }} as base_results
    from {{ ref('int_rounding_members') }}
),

positions as (
    select
        *,
        unnest(range(1, len(yis) + 1)) as position
    from members
),

inputs as (
    select
        positions.* exclude (yis, vis),
        numbers.raised,
        list_transform(
            list_zip(yis, yis_high, range(1, len(yis) + 1)),
            lambda m: if(numbers.raised = 'estimate' and m[3] = position, m[2], m[1])
        ) as yis,
        list_transform(
            list_zip(vis, vis_high, range(1, len(vis) + 1)),
            lambda m: if(numbers.raised = 'variance' and m[3] = position, m[2], m[1])
        ) as vis
    from positions
    cross join (values ('estimate'), ('variance')) as numbers (raised)
),

{{ pool_inputs() }},

results as (
    select
        analysis_id,
        policy_id,
        raised,
        position,
        base_results,
        {{ rounding_results('fit', 'egger_test(yis, vis)') }} as results
    from final
)

select
    analysis_id,
    policy_id,
    raised,
    list(
        list_transform(
            list_zip(results, base_results), lambda pair: coalesce(sign(pair[1] - pair[2]), 0)
        )
        order by position
    ) as slopes
from results
group by analysis_id, policy_id, raised
