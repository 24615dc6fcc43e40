-- Grain: one row per ordered pair of related meta-analyses that are taken to share trials, with the
-- share of the trials of the smaller one that the other is taken to have, too.
with

relations as (
    select
        relations.meta_analysis_id,
        relations.related_id,
        kinds.shared_share
    from {{ ref('stg_extraction__ma_relations') }} as relations
    inner join {{ ref('stg_protocol__relation_kinds') }} as kinds
        on relations.relation = kinds.relation
    where kinds.shared_share > 0
),

final as (
    select * from relations
    union all
    select
        related_id,
        meta_analysis_id,
        shared_share
    from relations
)

select * from final
order by meta_analysis_id, related_id
