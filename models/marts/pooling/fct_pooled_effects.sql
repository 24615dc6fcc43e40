-- Grain: one row per analysis of effects and policy.
with

findings as (
    select
        analysis_id,
        policy_id,
        count(*) as n_members
    from {{ ref('fct_analysis_members') }}
    where is_member and findings is not null
    group by analysis_id, policy_id
)

select
    pooled.*,
    cast(coalesce(findings.n_members, 0) as integer) as n_members_with_findings
from {{ ref('int_pooled_effects') }} as pooled
left join findings
    on pooled.analysis_id = findings.analysis_id and pooled.policy_id = findings.policy_id
