-- Grain: one row per headline analysis of effects and member.
with

measured as (
    select * from {{ ref('int_influence') }}
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member
),

left_out as (
    select * from {{ ref('fct_leave_one_out') }}
),

final as (
    select
        measured.analysis_id,
        measured.policy_id,
        measured.effect_id,
        members.meta_analysis_id,
        measured.status,
        measured.k,
        measured.rstudent,
        measured.dffits,
        measured.cook_d,
        measured.cov_ratio,
        measured.hat,
        measured.heterogeneity,
        measured.influence,
        left_out.estimate as estimate_without,
        left_out.ci_low as ci_low_without,
        left_out.ci_high as ci_high_without,
        cast({{ z_975() }} as double) as rstudent_limit,
        {{ dffits_limit('measured.k') }} as dffits_limit,
        cast({{ cook_limit() }} as double) as cook_limit,
        {{ hat_limit('measured.k') }} as hat_limit,
        abs(measured.rstudent) > {{ z_975() }} as is_outlying,
        measured.is_influential
    from measured
    inner join members
        on
            measured.analysis_id = members.analysis_id
            and measured.effect_id = members.effect_id
    left join left_out
        on
            measured.analysis_id = left_out.analysis_id
            and measured.policy_id = left_out.policy_id
            and measured.effect_id = left_out.omitted_effect_id
)

select * from final
order by analysis_id, effect_id
