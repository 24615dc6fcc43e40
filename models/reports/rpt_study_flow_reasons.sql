-- Grain: one row per reason for which meta-analyses left the flow of this extraction.
with

exclusions as (
    select * from {{ ref('fct_exclusions') }}
),

final as (
    select
        'valid' as stage_id,
        'this_extraction' as source,
        reason_label,
        cast(n as integer) as n
    from exclusions
)

select * from final
order by n desc, reason_label
