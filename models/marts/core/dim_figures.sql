-- Grain: one row per figure of the protocol. Its condition is that of the analyses of its blocks,
-- where all of them have the same.
with

figures as (
    select * from {{ ref('stg_protocol__figures') }}
),

conditions as (
    select
        blocks.figure_id,
        if(
            count(distinct analyses.condition) = 1 and count(*) = count(analyses.condition),
            any_value(analyses.condition),
            null
        ) as condition
    from {{ ref('stg_protocol__figure_blocks') }} as blocks
    inner join {{ ref('stg_protocol__analyses') }} as analyses
        on blocks.analysis_id = analyses.analysis_id
    group by blocks.figure_id
),

final as (
    select
        figures.* exclude (row_number),
        conditions.condition,
        {{ file_slug('figures.figure_id') }} as slug
    from figures
    left join conditions on figures.figure_id = conditions.figure_id
)

select * from final
order by sort_order, figure_id
