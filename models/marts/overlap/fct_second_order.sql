-- Grain: one row per analysis of effects: how much of the variance between its meta-analyses the
-- sampling error of their means explains (Schmidt & Oh 2013).
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

decompositions as (
    select
        analysis_id,
        or_to_smd_rule,
        unnest(decomposition)  -- noqa: AL03
    from {{ ref('int_second_order') }}
),

final as (
    select
        decompositions.analysis_id,
        analyses.label as analysis_label,
        analyses.analysis_group,
        analyses.scale,
        decompositions.* exclude (analysis_id, fault_at)
    from decompositions
    inner join analyses on decompositions.analysis_id = analyses.analysis_id
)

select * from final
order by analysis_id
