-- Grain: one row per verdict on conclusions of the published review: how many have it by the
-- printed numbers, and how many by ours.
with

verdicts as (
    select * from {{ ref('stg_protocol__conclusion_verdicts') }}
),

conclusions as (
    select * from {{ ref('fct_published_conclusions') }}
),

final as (
    select
        verdicts.verdict,
        verdicts.label,
        verdicts.meaning,
        cast(verdicts.sort_order as integer) as sort_order,
        cast(count_if(conclusions.source = 'printed') as integer) as n_printed,
        cast(count_if(conclusions.source = 'ours') as integer) as n_ours
    from verdicts
    left join conclusions on verdicts.verdict = conclusions.verdict
    group by all
)

select * from final
order by sort_order
