-- Grain: one row per analysis and policy, with its members as lists ordered by effect_id. Analyses
-- without members keep a row with empty lists.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member
),

final as (
    select
        analyses.analysis_id,
        policies.policy_id,
        policies.tau2_method,
        policies.ci_method,
        policies.pi_method,
        policies.tau2_ci_method,
        policies.ci_level,
        policies.or_to_smd_rule,
        policies.overlap_handling,
        coalesce(
            list(members.effect_id order by members.effect_id)
            filter (members.effect_id is not null),
            cast([] as varchar[])
        ) as effect_ids,
        coalesce(
            list(
                if(policies.or_to_smd_rule = 'cox', members.yi_cox, members.yi)
                order by members.effect_id
            ) filter (members.effect_id is not null),
            cast([] as double[])
        ) as yis,
        coalesce(
            list(
                if(policies.or_to_smd_rule = 'cox', members.vi_cox, members.vi)
                order by members.effect_id
            ) filter (members.effect_id is not null),
            cast([] as double[])
        ) as vis
    from analyses
    cross join policies
    left join members on analyses.analysis_id = members.analysis_id
    group by all
)

select * from final
