-- Grain: one row per drawn line of a cumulative figure: a year in which members were published, and
-- the result of all up to it. One whose pool the protocol calls too small is not drawn.
with

pooled as (
    select
        analysis_id,
        analysis_label,
        shown_as,
        k
    from {{ ref('fct_pooled_effects') }}
    where policy_id = 'recommended'
    union all
    select
        analysis_id,
        analysis_label,
        shown_as,
        k
    from {{ ref('fct_pooled_rates') }}
    where policy_id = 'recommended'
),

drawn as (
    select
        figures.figure_id,
        pooled.*
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    inner join pooled on blocks.analysis_id = pooled.analysis_id
    where figures.figure_kind = 'cumulative' and {{ is_enough('pooled.k') }}
),

members as (
    {{ member_labels() }} and members.policy_id = 'recommended'
),

added as (
    select
        analysis_id,
        step,
        unnest(added_effect_ids) as effect_id
    from {{ ref('fct_cumulative') }}
),

named as (
    select
        added.analysis_id,
        added.step,
        string_agg(members.label, '; ' order by members.label, members.effect_id) as added_labels
    from added
    inner join members
        on
            added.analysis_id = members.analysis_id
            and added.effect_id = members.effect_id
    group by added.analysis_id, added.step
),

final as (
    select
        drawn.figure_id,
        years.step as row_order,
        drawn.analysis_id,
        drawn.analysis_label,
        years.year,
        years.n_added,
        named.added_labels,
        years.step = max(years.step) over (partition by drawn.figure_id) as is_of_all,
        years.policy_id,
        years.status,
        years.k,
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ shown_value('years.' ~ value, 'drawn.shown_as') }} as {{ value }},
        {%- endfor %}
        years.p_value,
        years.i2_q as i2_percent,
        years.side,
        years.is_side_settled,
        years.is_estimate_settled
    from drawn
    inner join {{ ref('fct_cumulative') }} as years on drawn.analysis_id = years.analysis_id
    inner join named
        on
            years.analysis_id = named.analysis_id
            and years.step = named.step
)

select * from final
order by figure_id, row_order
