-- Grain: one row per meta-analysis with AMSTAR ratings: the items answered yes, by the answer that
-- counts.
with

items as (
    select * from {{ ref('int_quality_items') }}
    where tool = 'amstar'
),

counted as (
    select
        meta_analysis_id,
        count_if(answer = 'yes') as n_yes,
        count_if(answer is null) as n_unresolved,
        count(*) as n_items
    from items
    group by meta_analysis_id
),

scored as (
    select
        *,
        case
            when n_items < 11 then 'incomplete'
            when n_unresolved > 0 then 'unresolved'
            else 'rated'
        end as status,
        if(n_items = 11 and n_unresolved = 0, n_yes, null) as score
    from counted
),

final as (
    select
        *,
        {{ band_of('scored.score', ref('stg_protocol__amstar_bands')) }} as band
    from scored
)

select * from final
