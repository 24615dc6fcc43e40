-- Grain: one row per figure of influence and member. One whose pool the protocol calls too small is
-- not drawn.
with

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
),

drawn as (
    select
        figures.figure_id,
        measured.*,
        pooled.analysis_label,
        pooled.shown_as,
        pooled.estimate as estimate_of_all,
        pooled.ci_low as ci_low_of_all,
        pooled.ci_high as ci_high_of_all
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    inner join {{ ref('fct_influence') }} as measured
        on blocks.analysis_id = measured.analysis_id
    inner join pooled
        on
            measured.analysis_id = pooled.analysis_id
            and measured.policy_id = pooled.policy_id
    where
        figures.figure_kind = 'influence'
        and measured.status = 'ok'
        and {{ is_enough('measured.k') }}
),

members as (
    {{ member_labels() }}
),

final as (
    select
        drawn.figure_id,
        cast(
            row_number() over (
                partition by drawn.figure_id
                order by drawn.cook_d desc, drawn.effect_id
            ) as integer
        ) as row_order,
        drawn.analysis_id,
        drawn.analysis_label,
        drawn.policy_id,
        drawn.effect_id,
        members.label,
        drawn.k,
        {%- for value in ['rstudent', 'dffits', 'cook_d', 'hat', 'heterogeneity', 'influence'] %}
        drawn.{{ value }},
        {%- endfor %}
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ display_scale('drawn.' ~ value ~ '_without', 'drawn.shown_as') }} as {{ value }},
        {{ display_scale('drawn.' ~ value ~ '_of_all', 'drawn.shown_as') }} as {{ value }}_of_all,
        {%- endfor %}
        {%- for value in ['rstudent', 'dffits', 'cook', 'hat'] %}
        drawn.{{ value }}_limit,
        {%- endfor %}
        drawn.is_outlying,
        drawn.is_influential
    from drawn
    inner join members
        on
            drawn.analysis_id = members.analysis_id
            and drawn.policy_id = members.policy_id
            and drawn.effect_id = members.effect_id
)

select * from final
order by figure_id, row_order
