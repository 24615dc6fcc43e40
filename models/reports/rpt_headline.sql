-- Grain: one row per condition and source of its headline result: the published number, the
-- conventional method on this extraction, and the recommended policy.
with

conditions as (
    select
        analysis_id,
        condition as condition_id,
        condition_label,
        claim_id,
        sort_order
    from {{ ref('dim_analyses') }}
    where analysis_group = 'condition'
),

claims as (
    select * from {{ ref('stg_published__claims') }}
),

audit as (
    select * from {{ ref('fct_claim_audit') }}
),

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
    where policy_id in ('seed_paper', 'recommended')
),

published_rows as (
    select
        conditions.condition_id,
        conditions.condition_label,
        conditions.analysis_id,
        conditions.sort_order,
        'published' as source,
        cast(claims.k_meta_analyses as integer) as k,
        claims.estimate,
        claims.ci_low,
        claims.ci_high,
        {{ side('claims.ci_low', 'claims.ci_high') }} as side,
        cast(null as double) as pi_low,
        cast(null as double) as pi_high,
        claims.p_value,
        claims.p_operator || claims.p_value_printed as p_printed,
        {{ band_of('abs(claims.estimate)', ref('stg_protocol__cohen_bands')) }} as cohen_band,
        'ok' as status,
        {{ true_minus('audit.conflicts') }} as note
    from conditions
    inner join claims on conditions.claim_id = claims.claim_id
    left join audit
        on claims.claim_id = audit.subject_id and audit.subject_kind = 'claim'
),

recomputed_rows as (
    select
        conditions.condition_id,
        conditions.condition_label,
        conditions.analysis_id,
        conditions.sort_order,
        pooled.policy_id as source,
        pooled.k,
        pooled.estimate,
        pooled.ci_low,
        pooled.ci_high,
        pooled.side,
        pooled.pi_low,
        pooled.pi_high,
        pooled.p_value,
        cast(null as varchar) as p_printed,
        pooled.cohen_band,
        pooled.status,
        case pooled.status
            when 'single_study' then 'One meta-analysis: not pooled'
            when 'no_data' then 'No meta-analysis of this extraction can be pooled here'
        end as note
    from conditions
    inner join pooled on conditions.analysis_id = pooled.analysis_id
),

stacked as (
    select * from published_rows
    union all
    select * from recomputed_rows
),

final as (
    select * replace (cast(sort_order as integer) as sort_order)
    from stacked
)

select * from final
order by sort_order, source
