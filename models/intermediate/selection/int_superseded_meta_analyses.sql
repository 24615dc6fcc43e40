-- Grain: one row per handling of related meta-analyses (declared, other) and ordered pair of which
-- one enters an analysis instead of the other, directly or over others. Relations that lead back to
-- where they began decide nothing.
with recursive

relations as (
    select
        relations.meta_analysis_id,
        relations.related_id,
        kinds.enters,
        kinds.label,
        kinds.label_of_related
    from {{ ref('stg_extraction__ma_relations') }} as relations
    inner join {{ ref('stg_protocol__relation_kinds') }} as kinds
        on relations.relation = kinds.relation
    where kinds.enters != 'both'
),

both_ways as (
    select
        meta_analysis_id as entering_id,
        related_id as superseded_id,
        label_of_related as words,
        if(enters = 'meta_analysis', 'declared', 'other') as related_handling
    from relations
    union all
    select
        related_id as entering_id,
        meta_analysis_id as superseded_id,
        label as words,
        if(enters = 'related', 'declared', 'other') as related_handling
    from relations
),

reached as (
    select
        related_handling,
        superseded_id,
        entering_id
    from both_ways

    union

    select
        reached.related_handling,
        reached.superseded_id,
        both_ways.entering_id
    from reached
    inner join both_ways
        on
            reached.related_handling = both_ways.related_handling
            and reached.entering_id = both_ways.superseded_id
),

final as (
    select
        reached.*,
        coalesce(both_ways.words, 'is related over others to') || ' ' || reached.entering_id
            as words
    from reached
    left join both_ways
        on
            reached.related_handling = both_ways.related_handling
            and reached.superseded_id = both_ways.superseded_id
            and reached.entering_id = both_ways.entering_id
    anti join reached as back
        on
            reached.related_handling = back.related_handling
            and reached.superseded_id = back.entering_id
            and reached.entering_id = back.superseded_id
)

select * from final
order by related_handling, superseded_id, entering_id
