-- Grain: one row per headline analysis of effects and moderator of which enough members have a
-- value, of which there are three or more. The line and its interval are intercepts: of the
-- moderator less each of some values.
{% set values = 13 %}
with

listed as (
    select
        analysis_id,
        policy_id,
        moderator,
        moderator_order,
        any_value(tau2_method) as tau2_method,
        any_value(ci_method) as ci_method,
        any_value(ci_level) as ci_level,
        list(effect_id order by effect_id) as effect_ids,
        list(yi order by effect_id) as yis,
        list(vi order by effect_id) as vis,
        list(x order by effect_id) as xs,
        min(x) as lowest,
        max(x) as highest
    from {{ ref('int_moderators') }}
    group by analysis_id, policy_id, moderator, moderator_order
    having
        count(*) >= {{ least_k_for_a_moderator() }}
        and count(distinct x) >= 3
        -- The intervals that a regression has.
        and any_value(ci_method) in ('z', 't', 'HK', 'HK_adhoc')
),

steps as (
    select
        *,
        unnest(range({{ values }})) as step
    from listed
),

placed as (
    select
        *,
        lowest + (highest - lowest) * step / ({{ values }} - 1) as at_value
    from steps
),

fitted as (
    select
        *,
        meta_regression(
            yis,
            vis,
            [list_transform(xs, lambda x: x - at_value)],
            {'tau2_method': tau2_method, 'ci_method': ci_method, 'ci_level': ci_level}
        ) as fit
    from placed
)

select
    analysis_id,
    policy_id,
    moderator,
    moderator_order,
    effect_ids,
    xs,
    yis,
    vis,
    arg_min(fit, step) as fit,
    list(at_value order by step) as line_xs,
    list(fit.estimate[1] order by step) as line_estimates,
    list(fit.ci_low[1] order by step) as line_ci_lows,
    list(fit.ci_high[1] order by step) as line_ci_highs
from fitted
group by
    analysis_id, policy_id, moderator, moderator_order, effect_ids, xs, yis, vis
