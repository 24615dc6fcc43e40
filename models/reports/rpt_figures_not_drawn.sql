-- Grain: one row per figure of the protocol that is not drawn, with the reason.
with

figures as (
    select * from {{ ref('dim_figures') }}
    where figure_id not in (select figure_id from {{ ref('rpt_figures') }})
),

pooled as (
    select
        analysis_id,
        k
    from {{ ref('fct_pooled_effects') }}
    where policy_id = 'recommended'
    union all
    select
        analysis_id,
        k
    from {{ ref('fct_pooled_rates') }}
    where policy_id = 'recommended'
),

blocks as (
    select
        blocks.figure_id,
        max(pooled.k) as k
    from {{ ref('stg_protocol__figure_blocks') }} as blocks
    inner join pooled on blocks.analysis_id = pooled.analysis_id
    group by blocks.figure_id
),

described as (
    select
        figures.*,
        blocks.k,
        case
            when blocks.k is null then 'The protocol names no analysis for it'
            when blocks.k = 0 then 'No [[member]] of this extraction can be pooled here'
            when blocks.k = 1 then 'One [[member]]'
            when blocks.k = 2 then 'Two [[members]]'
            else blocks.k || ' [[members]]'
        end as found
    from figures
    left join blocks on figures.figure_id = blocks.figure_id
),

final as (
    select
        figure_id,
        cast(sort_order as integer) as sort_order,
        figure_kind,
        title,
        condition,
        cast(k as integer) as k,
        case figure_kind
            when 'funnel' then found || ': a funnel plot needs at least three.'
            when 'leave_one_out' then found || ': leaving one out needs at least two.'
            when 'cumulative'
                then found || ': too few to follow their pooled result over the years.'
            when 'bubble'
                then found || ': a meta-regression needs ten with a value of the moderator.'
            when 'influence'
                then found || ': too few to say which of them is out of line.'
            when 'multiverse'
                then found || ': a specification curve needs at least two as prespecified.'
            when 'months' then 'No effect at follow-up can be pooled or shown.'
            when 'dropout' then 'No rate of this [[condition]] is known or published.'
            when 'rate_pairs' then 'No [[member]] reports both rates by one definition.'
            when 'forest' then 'No row of its analyses can be drawn.'
            else 'This review holds nothing to draw in it.'
        end as reason
    from described
)

select final.* replace ({{ review_words('final.reason') }} as reason)
from final
cross join {{ ref('dim_review') }} as review
order by sort_order, figure_id
