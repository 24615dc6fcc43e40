-- Grain: one row per analysis and policy, with its members as lists ordered by effect_id, and the
-- correlations of their sampling errors where the policy asks for them. Analyses without members
-- keep a row with empty lists.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member or is_member_as_reported
),

converting as (
    select distinct analysis_id
    from {{ ref('int_candidate_rows') }}
    where has_converted
),

member_correlations as (
    select * from {{ ref('int_member_correlations') }}
),

listed as (
    select
        analyses.analysis_id,
        analyses.selection_rule,
        policies.policy_id,
        policies.tau2_method,
        policies.ci_method,
        policies.pi_method,
        policies.tau2_ci_method,
        policies.ci_level,
        policies.or_to_smd_rule,
        policies.overlap_handling,
        policies.default_correlation,
        if(
            converting.analysis_id is not null and {{ leaves_out_converted('policies') }},
            'left_out',
            'pooled'
        ) as converted_effects,
        {{ member_list('members.effect_id', 'members.effect_id', 'varchar') }} as effect_ids,
        {{ effect_lists() }}
    from analyses
    cross join policies
    left join converting on analyses.analysis_id = converting.analysis_id
    left join members
        on
            analyses.analysis_id = members.analysis_id
            and {{ is_member_by('policies', 'members') }}
    group by all
),

final as (
    select
        listed.*,
        member_correlations.correlations,
        member_correlations.other_correlation,
        member_correlations.definiteness.shrinkage,
        member_correlations.definiteness.smallest_eigenvalue,
        member_correlations.n_pairs_known,
        member_correlations.n_pairs_partly_known,
        member_correlations.n_pairs_sharing,
        member_correlations.mean_correlation
    from listed
    left join member_correlations
        on
            listed.analysis_id = member_correlations.analysis_id
            and listed.converted_effects = member_correlations.converted_effects
            and listed.selection_rule = member_correlations.selection_rule
            and listed.overlap_handling = member_correlations.overlap_handling
            and (
                listed.default_correlation
                is not distinct from member_correlations.default_correlation
            )
)

select * from final
