-- Grain: one row per box of the flow figure.
with

flow as (
    select * from {{ ref('fct_study_flow') }}
),

final as (
    select
        cast(stage_order as integer) as stage_order,
        stage_id,
        source,
        label,
        cast(n as integer) as n,
        cast(n_excluded as integer) as n_excluded,
        excluded_label,
        source = 'published' and n_excluded is not null as is_derived
    from flow
)

select * from final
order by source, stage_order
