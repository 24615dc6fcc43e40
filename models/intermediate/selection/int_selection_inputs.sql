-- Grain: one row per headline analysis, selection rule and policy that the charts show, with the
-- members that the rule takes as lists ordered by effect_id, like int_pool_inputs.
with

analyses as (
    select * from {{ ref('int_analyses') }}
    where is_headline and not {{ is_of_rates('scale') }}
),

rules as (
    select * from {{ ref('stg_protocol__selection_rules') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
    where policy_id in ('seed_paper', 'recommended')
),

members as (
    select
        selections.analysis_id,
        selections.selection_rule,
        candidates.* exclude (analysis_id, selection_rule)
    from {{ ref('int_selected_members') }} as selections
    inner join {{ ref('int_candidate_rows') }} as candidates
        on
            selections.analysis_id = candidates.analysis_id
            and selections.effect_id = candidates.effect_id
    where selections.is_selected and selections.converted_effects = 'pooled'
),

member_correlations as (
    select * from {{ ref('int_member_correlations') }}
),

listed as (
    select
        analyses.analysis_id,
        rules.selection_rule,
        policies.policy_id,
        policies.tau2_method,
        policies.ci_method,
        policies.pi_method,
        policies.tau2_ci_method,
        policies.ci_level,
        policies.overlap_handling,
        policies.default_correlation,
        {{ member_list('members.meta_analysis_id', 'members.effect_id', 'varchar') }}
            as meta_analysis_ids,
        {{ effect_lists() }},
        {{ only_value(
            "if(policies.or_to_smd_rule = 'cox', members.ci_low_cox, members.ci_low)"
        ) }} as only_ci_low,
        {{ only_value(
            "if(policies.or_to_smd_rule = 'cox', members.ci_high_cox, members.ci_high)"
        ) }} as only_ci_high
    from analyses
    cross join rules
    cross join policies
    left join members
        on
            analyses.analysis_id = members.analysis_id
            and rules.selection_rule = members.selection_rule
    group by
        analyses.analysis_id, rules.selection_rule, policies.policy_id, policies.tau2_method,
        policies.ci_method, policies.pi_method, policies.tau2_ci_method, policies.ci_level,
        policies.overlap_handling, policies.default_correlation
),

final as (
    select
        listed.*,
        member_correlations.correlations,
        member_correlations.other_correlation,
        member_correlations.definiteness.shrinkage
    from listed
    left join member_correlations
        on
            listed.analysis_id = member_correlations.analysis_id
            and listed.selection_rule = member_correlations.selection_rule
            and listed.overlap_handling = member_correlations.overlap_handling
            and member_correlations.converted_effects = 'pooled'
            and (
                listed.default_correlation
                is not distinct from member_correlations.default_correlation
            )
)

select * from final
