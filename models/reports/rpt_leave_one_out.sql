-- Grain: one row per drawn line of a leave-one-out figure: the result of all meta-analyses, the
-- result without each of them, and the result under each credibility ceiling.
with

figures as (
    select
        figures.figure_id,
        blocks.analysis_id
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    where figures.figure_kind = 'leave_one_out'
),

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
    where policy_id = 'recommended' and k > 1
),

drawn as (
    select
        figures.figure_id,
        pooled.*
    from figures
    inner join pooled on figures.analysis_id = pooled.analysis_id
),

omissions as (
    select * from {{ ref('fct_leave_one_out') }}
    where policy_id = 'recommended'
),

ceilings as (
    select
        *,
        first_value(estimate) over from_zero as estimate_without,
        first_value(side) over from_zero as side_without
    from {{ ref('fct_credibility_ceilings') }}
    where policy_id = {{ independent_policy() }}
    window from_zero as (partition by analysis_id order by ceiling)
),

effects as (
    select * from {{ ref('dim_member_effects') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

results as (
    select
        figure_id,
        analysis_id,
        analysis_label,
        shown_as,
        1 as kind_order,
        'all' as row_kind,
        'All ' || review.members_word as label,
        policy_id,
        status,
        k,
        estimate,
        ci_low,
        ci_high,
        p_value,
        i2_q as i2_percent,
        side,
        false as is_conclusion_changed
    from drawn
    cross join {{ ref('dim_review') }} as review
),

without_one as (
    select
        drawn.figure_id,
        drawn.analysis_id,
        drawn.analysis_label,
        drawn.shown_as,
        2 as kind_order,
        'omitted' as row_kind,
        coalesce(effects.trial, meta_analyses.citation_label) as label,
        omissions.omitted_meta_analysis_id as meta_analysis_id,
        omissions.omitted_effect_id as effect_id,
        omissions.policy_id,
        omissions.status,
        omissions.k,
        omissions.estimate,
        omissions.ci_low,
        omissions.ci_high,
        omissions.p_value,
        omissions.i2_q as i2_percent,
        omissions.change,
        omissions.side,
        omissions.is_conclusion_changed
    from drawn
    inner join omissions on drawn.analysis_id = omissions.analysis_id
    inner join effects on omissions.omitted_effect_id = effects.effect_id
    inner join meta_analyses on omissions.omitted_meta_analysis_id = meta_analyses.meta_analysis_id
),

under_ceilings as (
    select
        drawn.figure_id,
        drawn.analysis_id,
        drawn.analysis_label,
        drawn.shown_as,
        3 as kind_order,
        'ceiling' as row_kind,
        format('{:g}%', 100 * ceilings.ceiling) as label,
        ceilings.ceiling,
        ceilings.policy_id,
        ceilings.status,
        ceilings.k,
        ceilings.estimate,
        ceilings.ci_low,
        ceilings.ci_high,
        ceilings.p_value,
        ceilings.i2_q as i2_percent,
        ceilings.estimate - ceilings.estimate_without as change,
        ceilings.side,
        coalesce(ceilings.side, '') != coalesce(ceilings.side_without, '')
            as is_conclusion_changed
    from drawn
    inner join ceilings on drawn.analysis_id = ceilings.analysis_id
),

stacked as (
    select * from results
    union all by name
    select * from without_one
    union all by name
    select * from under_ceilings
),

final as (
    select
        figure_id,
        cast(
            row_number() over (
                partition by figure_id, analysis_id
                order by kind_order, ceiling, estimate, effect_id
            ) as integer
        ) as row_order,
        analysis_id,
        analysis_label,
        row_kind,
        label,
        meta_analysis_id,
        effect_id,
        ceiling,
        policy_id,
        status,
        k,
        {{ display_scale('estimate', 'shown_as') }} as estimate,
        {{ display_scale('ci_low', 'shown_as') }} as ci_low,
        {{ display_scale('ci_high', 'shown_as') }} as ci_high,
        p_value,
        i2_percent,
        {{ display_scale('change', 'shown_as') }} as change,
        side,
        is_conclusion_changed
    from stacked
)

select * from final
order by figure_id, row_order
