-- Grain: one row per analysis of effects and policy without correlations between meta-analyses:
-- tests of funnel asymmetry and trim and fill, with meta-analyses as units. Lists are in the order
-- of effect_id.
with

inputs as (
    select
        inputs.*,
        analyses.scale = 'smd' as is_smd,
        inputs.tau2_method != 'DL2'
        and inputs.ci_method in ('z', 't', 'HK', 'HK_adhoc') as has_trim_and_fill
    from {{ ref('int_pool_inputs') }} as inputs
    inner join {{ ref('stg_protocol__analyses') }} as analyses
        on inputs.analysis_id = analyses.analysis_id
    where
        inputs.overlap_handling = 'none'
        and not {{ is_of_rates('analyses.scale') }}
        and len(inputs.effect_ids) > 1
),

members as (
    select
        candidates.analysis_id,
        policies.policy_id,
        candidates.source_sheet,
        candidates.effect_id
    from {{ ref('int_analysis_candidates') }} as candidates
    inner join {{ ref('stg_protocol__policies') }} as policies
        on policies.overlap_handling = 'none' and {{ is_member_by('policies', 'candidates') }}
),

-- Where only the total is reported, the arms are taken as equal.
sizes as (
    select
        source_sheet,
        effect_id,
        n_intervention > 0 and n_control > 0 as has_arms,
        if(has_arms, n_intervention, n_total / 2) as n1,
        if(has_arms, n_control, n_total / 2) as n2
    from {{ ref('int_member_effects') }}
),

listed_sizes as (
    select
        members.analysis_id,
        members.policy_id,
        list(sizes.n1 order by members.effect_id) as n1s,
        list(sizes.n2 order by members.effect_id) as n2s,
        list(sizes.n1 is not null order by members.effect_id) as are_known,
        count(sizes.n1) as k_with_sizes,
        count_if(sizes.has_arms) as k_with_arms
    from members
    inner join sizes
        on members.source_sheet = sizes.source_sheet and members.effect_id = sizes.effect_id
    group by members.analysis_id, members.policy_id
),

final as (
    select
        inputs.analysis_id,
        inputs.policy_id,
        inputs.is_smd,
        inputs.has_trim_and_fill,
        sizes.k_with_sizes,
        sizes.k_with_arms,
        egger_test(inputs.yis, inputs.vis, {'ci_level': inputs.ci_level}) as egger,
        egger_test_smd(
            if(inputs.is_smd, inputs.yis, []),
            if(inputs.is_smd, inputs.vis, []),
            if(inputs.is_smd, sizes.n1s, []),
            if(inputs.is_smd, sizes.n2s, []),
            {'ci_level': inputs.ci_level}
        ) as egger_smd,
        egger_test(
            if(inputs.is_smd, list_where(inputs.yis, sizes.are_known), []),
            if(inputs.is_smd, list_where(inputs.vis, sizes.are_known), []),
            {'ci_level': inputs.ci_level}
        ) as egger_same,
        trim_and_fill(
            if(inputs.has_trim_and_fill, inputs.yis, []),
            if(inputs.has_trim_and_fill, inputs.vis, []),
            {
                'tau2_method': if(inputs.has_trim_and_fill, inputs.tau2_method, 'DL'),
                'ci_method': if(inputs.has_trim_and_fill, inputs.ci_method, 'z'),
                'ci_level': inputs.ci_level
            }
        ) as filled
    from inputs
    inner join listed_sizes as sizes
        on inputs.analysis_id = sizes.analysis_id and inputs.policy_id = sizes.policy_id
)

select * from final
