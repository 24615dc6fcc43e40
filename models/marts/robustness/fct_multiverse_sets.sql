-- Grain: one row per analysis and set of members that its specifications lead to. Thousands of
-- specifications share a few sets: the lists stand here once.
with

sets as (
    select * from {{ ref('int_multiverse_sets') }}
),

final as (
    select distinct
        analysis_id,
        cast(member_set as integer) as member_set,
        cast(len(effect_ids) as integer) as n_members,
        effect_ids
    from sets
)

select * from final
order by analysis_id, member_set
