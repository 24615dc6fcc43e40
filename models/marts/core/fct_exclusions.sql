-- Grain: one row per reason for which meta-analyses of this extraction are excluded.
with

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
    where eligibility = 'excluded'
),

reasons as (
    select * from {{ ref('stg_vocabulary__exclusion_reasons') }}
),

final as (
    select
        reasons.code as exclusion_reason,
        reasons.label as reason_label,
        count(*) as n
    from meta_analyses
    inner join reasons on meta_analyses.exclusion_reason = reasons.code
    group by reasons.code, reasons.label
)

select * from final
order by n desc, exclusion_reason
