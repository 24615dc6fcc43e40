-- Grain: one row per drawn line of a leave-one-out figure: the result of all meta-analyses, the
-- result without each of them, and the result under each credibility ceiling.
with

pooled as (
    select
        analysis_id,
        analysis_label,
        policy_id,
        shown_as,
        status,
        k,
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ shown_value(value, 'shown_as') }} as {{ value }},
        {%- endfor %}
        p_value,
        i2_q,
        side
    from {{ ref('fct_pooled_effects') }}
    where policy_id = 'recommended' and k > 1

    union all by name

    select
        analysis_id,
        analysis_label,
        policy_id,
        shown_as,
        status,
        k,
        pooled_rate as estimate,
        ci_low_rate as ci_low,
        ci_high_rate as ci_high,
        i2_q
    from {{ ref('fct_pooled_rates') }}
    where policy_id = 'recommended' and k > 1
),

drawn as (
    select
        figures.figure_id,
        pooled.*
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    inner join pooled on blocks.analysis_id = pooled.analysis_id
    where figures.figure_kind = 'leave_one_out'
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

members as (
    {{ member_labels() }} and members.policy_id = 'recommended'
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
        members.label,
        omissions.omitted_meta_analysis_id as meta_analysis_id,
        omissions.omitted_effect_id as effect_id,
        omissions.policy_id,
        omissions.status,
        omissions.k,
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ shown_value('omissions.' ~ value, 'drawn.shown_as') }} as {{ value }},
        {%- endfor %}
        omissions.p_value,
        omissions.i2_q as i2_percent,
        drawn.estimate as compared_with,
        omissions.side,
        omissions.is_conclusion_changed
    from drawn
    inner join omissions on drawn.analysis_id = omissions.analysis_id
    inner join members
        on
            omissions.analysis_id = members.analysis_id
            and omissions.omitted_effect_id = members.effect_id
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
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ shown_value('ceilings.' ~ value, 'drawn.shown_as') }} as {{ value }},
        {%- endfor %}
        ceilings.p_value,
        ceilings.i2_q as i2_percent,
        {{ shown_value('ceilings.estimate_without', 'drawn.shown_as') }} as compared_with,
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
        estimate,
        ci_low,
        ci_high,
        p_value,
        i2_percent,
        if(shown_as = 'exp', estimate / compared_with, estimate - compared_with) as change,
        side,
        is_conclusion_changed
    from stacked
)

select * from final
order by figure_id, row_order
