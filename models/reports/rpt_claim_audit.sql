-- Grain: one row per published claim or count, for the audit table.
with

audit as (
    select * from {{ ref('fct_claim_audit') }}
),

final as (
    select
        subject_kind,
        subject_id as claim_id,
        section,
        sort_order,
        statement,
        measure,
        published_estimate,
        published_ci_low as published_low,
        published_ci_high as published_high,
        published_p,
        published_k,
        recomputed_estimate,
        recomputed_ci_low as recomputed_low,
        recomputed_ci_high as recomputed_high,
        recomputed_k,
        difference,
        n_checks,
        n_conflicts as n_failed,
        verdict,
        replace(verdict, ' ', '_') as verdict_code,
        {{ true_minus('conflicts') }} as failed_checks,
        case recomputed_status
            when 'no_data' then 'This extraction holds no row that can be pooled here'
            when 'single_study' then 'One meta-analysis in this extraction'
            when 'not_recomputed' then 'Not recomputed'
            when 'circular' then 'Known here from the published review only: not recomputed'
        end as note
    from audit
)

select * from final
order by sort_order
