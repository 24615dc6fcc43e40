-- Grain: one row per point of a funnel plot: a meta-analysis, or one that trim and fill fills in.
with

funnels as (
    select
        summary.figure_id,
        summary.analysis_id,
        summary.independent_policy_id,
        summary.level,
        summary.estimate as pooled_estimate,
        analyses.shown_as
    from {{ ref('rpt_funnel_summary') }} as summary
    inner join {{ ref('dim_analyses') }} as analyses
        on summary.analysis_id = analyses.analysis_id
),

members as (
    select * from {{ ref('fct_analysis_members') }}
    where is_member and policy_id = 'recommended'
),

effects as (
    select * from {{ ref('dim_member_effects') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

points as (
    select
        funnels.figure_id,
        'meta_analysis' as point_kind,
        members.meta_analysis_id,
        members.effect_id,
        coalesce(effects.trial, meta_analyses.citation_label) as label,
        members.yi,
        members.vi,
        members.weight,
        funnels.level,
        funnels.pooled_estimate,
        funnels.shown_as
    from funnels
    inner join members on funnels.analysis_id = members.analysis_id
    inner join effects
        on
            members.source_sheet = effects.source_sheet
            and members.effect_id = effects.effect_id
    inner join meta_analyses on members.meta_analysis_id = meta_analyses.meta_analysis_id
),

filled as (
    select
        funnels.figure_id,
        'filled' as point_kind,
        cast(null as varchar) as meta_analysis_id,
        cast(null as varchar) as effect_id,
        'Filled in' as label,
        unnest(tests.filled_yi) as yi,
        unnest(tests.filled_vi) as vi,
        cast(null as double) as weight,
        funnels.level,
        funnels.pooled_estimate,
        funnels.shown_as
    from funnels
    inner join {{ ref('fct_small_study_effects') }} as tests
        on
            funnels.analysis_id = tests.analysis_id
            and funnels.independent_policy_id = tests.policy_id
),

stacked as (
    select * from points
    union all
    select * from filled
),

placed as (
    select
        figure_id,
        cast(
            row_number() over (
                partition by figure_id
                order by point_kind desc, sqrt(vi), yi, effect_id
            ) as integer
        ) as point_order,
        point_kind,
        meta_analysis_id,
        effect_id,
        label,
        {{ display_scale('yi', 'shown_as') }} as estimate,
        {{ display_scale('yi - ' ~ z_975() ~ ' * sqrt(vi)', 'shown_as') }} as ci_low,
        {{ display_scale('yi + ' ~ z_975() ~ ' * sqrt(vi)', 'shown_as') }} as ci_high,
        sqrt(vi) as se,
        p_from_z(yi / sqrt(vi)) as p_value,
        100 * weight as weight_percent,
        level,
        pooled_estimate
    from stacked
),

final as (
    select
        * exclude (level, pooled_estimate),
        p_value < level as is_significant,
        estimate > pooled_estimate as is_above_pool
    from placed
)

select * from final
order by figure_id, point_order
