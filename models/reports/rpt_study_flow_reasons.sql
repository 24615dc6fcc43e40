-- Grain: one row per part of a number of the flow figure (a reason to leave, a source of records)
-- and per sum of it that does not agree.
with

parts as (
    select
        source,
        stage_id,
        part_kind,
        label as reason_label,
        n
    from {{ ref('fct_study_flow_parts') }}

    union all

    select
        'this_extraction' as source,
        'valid' as stage_id,
        'leaving' as part_kind,
        reason_label,
        n
    from {{ ref('fct_exclusions') }}

    union all

    select
        if(sheet = 'published_counts', 'published', 'own_search') as source,
        cast(null as varchar) as stage_id,
        'does_not_add_up' as part_kind,
        why as reason_label,
        cast(null as bigint) as n
    from {{ ref('fct_findings') }}
    where rule = 'flow_does_not_add_up'
),

final as (
    select
        stage_id,
        source,
        part_kind,
        reason_label,
        cast(n as integer) as n
    from parts
)

select * from final
order by source, stage_id, part_kind, n desc, reason_label
