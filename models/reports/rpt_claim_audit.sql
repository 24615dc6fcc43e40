-- Grain: one row per published claim or count, for the audit table.
with

audit as (
    select * from {{ ref('fct_claim_audit') }}
),

scales as (
    select * from {{ ref('stg_protocol__scales') }}
),

verdicts as (
    select * from {{ ref('stg_protocol__replication_verdicts') }}
),

final as (
    select
        audit.subject_kind,
        audit.subject_id as claim_id,
        audit.section,
        audit.sort_order,
        audit.statement,
        audit.measure,
        cast(scales.decimals as integer) as decimals,
        audit.published_estimate,
        audit.published_ci_low as published_low,
        audit.published_ci_high as published_high,
        audit.published_p,
        audit.published_k,
        audit.recomputed_estimate,
        audit.recomputed_ci_low as recomputed_low,
        audit.recomputed_ci_high as recomputed_high,
        audit.recomputed_k,
        audit.difference,
        audit.n_checks,
        audit.n_conflicts as n_failed,
        audit.arithmetic,
        replace(audit.arithmetic, ' ', '_') as arithmetic_code,
        {{ true_minus('audit.conflicts') }} as failed_checks,
        audit.replication,
        verdicts.label as replication_label,
        cast(verdicts.sort_order as integer) as replication_order,
        audit.replication_reason
    from audit
    left join verdicts on audit.replication = verdicts.verdict
    -- The measure of a comparison is the difference of two: difference in SMD.
    left join scales on replace(audit.measure, 'difference in ', '') = scales.short_label
)

select * from final
order by sort_order
