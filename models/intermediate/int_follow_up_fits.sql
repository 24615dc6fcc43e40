-- Grain: one row per analysis at follow-up with pairs and assumed correlation: the changes pooled.
with

differences as (
    select * from {{ ref('int_follow_up_differences') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
    where policy_id = {{ independent_policy(ref('stg_protocol__policies')) }}
),

listed as (
    select
        analysis_id,
        post_analysis_id,
        correlation,
        list(change order by effect_id) as yis,
        list(change_vi order by effect_id) as vis
    from differences
    group by analysis_id, post_analysis_id, correlation
),

final as (
    select
        listed.* exclude (yis, vis),
        policies.policy_id,
        pool(
            listed.yis,
            listed.vis,
            {
                'tau2_method': policies.tau2_method,
                'ci_method': policies.ci_method,
                'pi_method': policies.pi_method,
                'tau2_ci_method': policies.tau2_ci_method,
                'ci_level': policies.ci_level
            }
        ) as fit
    from listed
    cross join policies
)

select * from final
