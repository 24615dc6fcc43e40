with

members as (
    select
        analysis_id,
        policy_id,
        count(*) as n_members
    from {{ ref('fct_analysis_members') }}
    where is_member
    group by analysis_id, policy_id
),

results as (
    select
        analysis_id,
        policy_id,
        k
    from {{ ref('fct_pooled_effects') }}

    union all

    select
        analysis_id,
        policy_id,
        k
    from {{ ref('fct_pooled_rates') }}
)

select *
from results
left join members using (analysis_id, policy_id)
where results.k != coalesce(members.n_members, 0)
