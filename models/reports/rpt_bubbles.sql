-- Grain: one row per member, or point of the line, of a figure of meta-regressions.
with

fits as (
    select
        regressions.figure_id,
        regressions.is_log2,
        analyses.shown_as,
        fits.*
    from {{ ref('rpt_regressions') }} as regressions
    inner join {{ ref('fct_meta_regressions') }} as fits
        on
            regressions.analysis_id = fits.analysis_id
            and regressions.moderator = fits.moderator
    inner join {{ ref('dim_analyses') }} as analyses on fits.analysis_id = analyses.analysis_id
),

labels as (
    {{ member_labels() }}
),

points as (
    select
        figure_id,
        analysis_id,
        policy_id,
        moderator,
        moderator_order,
        is_log2,
        shown_as,
        'member' as row_kind,
        unnest(effect_ids) as effect_id,
        unnest(xs) as x,
        unnest(yis) as estimate,
        unnest(point_weights) / list_sum(point_weights) as weight
    from fits
),

lines as (
    select
        figure_id,
        analysis_id,
        policy_id,
        moderator,
        moderator_order,
        is_log2,
        shown_as,
        'line' as row_kind,
        unnest(line_xs) as x,
        unnest(line_estimates) as estimate,
        unnest(line_ci_lows) as ci_low,
        unnest(line_ci_highs) as ci_high
    from fits
),

stacked as (
    select
        points.*,
        labels.label
    from points
    inner join labels
        on
            points.analysis_id = labels.analysis_id
            and points.policy_id = labels.policy_id
            and points.effect_id = labels.effect_id
    union all by name
    select * from lines
),

final as (
    select
        figure_id,
        cast(
            row_number() over (
                partition by figure_id
                order by moderator_order, row_kind, x, effect_id
            ) as integer
        ) as row_order,
        analysis_id,
        moderator,
        row_kind,
        label,
        if(is_log2, pow(2, x), x) as x,
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ display_scale(value, 'shown_as') }} as {{ value }},
        {%- endfor %}
        100 * weight as weight_percent
    from stacked
)

select * from final
order by figure_id, row_order
