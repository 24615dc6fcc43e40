-- Grain: one row per headline analysis of effects and moderator.
with

final as (
    select
        analysis_id,
        policy_id,
        moderator,
        cast(moderator_order as integer) as moderator_order,
        fit.status as status,
        fit.k as k,
        fit.estimate[2] as slope,
        fit.ci_low[2] as slope_ci_low,
        fit.ci_high[2] as slope_ci_high,
        fit.p_value[2] as p_value,
        fit.tau2 as tau2,
        fit.r2 as r2,
        fit.i2_q as i2_q,
        effect_ids,
        xs,
        yis,
        list_transform(vis, lambda vi: 1 / (vi + fit.tau2)) as point_weights,
        line_xs,
        line_estimates,
        line_ci_lows,
        line_ci_highs
    from {{ ref('int_meta_regressions') }}
)

select * from final
order by analysis_id, moderator_order
