-- Grain: one row per set of trials, rule and policy, with the results of the pooling kernel and of
-- the tests as structs. The only place that calls these kernels for trials.
with

members as (
    select * from {{ ref('int_trial_members') }}
    where status = 'ok'
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

sets as (
    select distinct
        trial_set_id,
        rule_id,
        set_scale
    from {{ ref('int_trial_candidates') }}
),

gathered as (
    select
        sets.trial_set_id,
        sets.rule_id,
        sets.set_scale,
        {{ member_list('members.trial', 'members.first_row', 'varchar') }} as trials,
        {{ member_list('members.yi', 'members.first_row', 'double') }} as yis,
        {{ member_list('members.vi', 'members.first_row', 'double') }} as vis,
        {{ member_list('members.yi_test', 'members.first_row', 'double') }} as yi_tests,
        {{ member_list('members.vi_test', 'members.first_row', 'double') }} as vi_tests,
        {{ member_list('members.df_test', 'members.first_row', 'double') }} as df_tests,
        {{ member_list('members.risk_of_bias', 'members.first_row', 'varchar') }} as risks_of_bias
    from sets
    left join members
        on sets.trial_set_id = members.trial_set_id and sets.rule_id = members.rule_id
    group by sets.trial_set_id, sets.rule_id, sets.set_scale
),

pooled as (
    select
        gathered.*,
        policies.policy_id,
        policies.tau2_method,
        policies.ci_method,
        policies.pi_method,
        policies.tau2_ci_method,
        policies.ci_level,
        policies.tau2_method != 'DL2'
        and policies.ci_method in ('z', 't', 'HK', 'HK_adhoc') as has_trim_and_fill,
        pool(
            yis,
            vis,
            {
                'tau2_method': policies.tau2_method,
                'ci_method': policies.ci_method,
                'pi_method': policies.pi_method,
                'tau2_ci_method': policies.tau2_ci_method,
                'ci_level': policies.ci_level
            }
        ) as fit
    from gathered
    cross join policies
),

final as (
    select
        *,
        egger_test(yis, vis) as egger,
        excess_significance(yis, vis, {'tau2_method': tau2_method}) as excess,
        tess_psst(yi_tests, vi_tests, df_tests, coalesce(fit.tau2, 0)) as esb,
        trim_and_fill(
            if(has_trim_and_fill, yis, []),
            if(has_trim_and_fill, vis, []),
            {
                'tau2_method': if(has_trim_and_fill, tau2_method, 'DL'),
                'ci_method': if(has_trim_and_fill, ci_method, 'z'),
                'ci_level': ci_level
            }
        ) as filled,
        leave_one_out(
            yis,
            vis,
            {'tau2_method': tau2_method, 'ci_method': ci_method, 'ci_level': ci_level}
        ) as without
    from pooled
)

select * from final
