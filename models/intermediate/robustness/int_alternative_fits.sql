-- Grain: one row per pooled analysis, policy that the charts show and single decision that would
-- change what it pools: the result then. What different decisions lead to is pooled once.
with

policies as (
    select * from {{ ref('stg_protocol__policies') }}
    where policy_id in ('seed_paper', 'recommended')
),

members as (
    select * from {{ ref('int_alternative_members') }}
),

listed as (
    select
        members.analysis_id,
        members.change_id,
        policies.policy_id,
        {{ member_list('members.effect_id', 'members.effect_id', 'varchar') }} as effect_ids,
        {{ effect_lists() }},
        {{ only_value(
            "if(policies.or_to_smd_rule = 'cox', members.ci_low_cox, members.ci_low)"
        ) }} as only_ci_low,
        {{ only_value(
            "if(policies.or_to_smd_rule = 'cox', members.ci_high_cox, members.ci_high)"
        ) }} as only_ci_high
    from members
    cross join policies
    group by members.analysis_id, members.change_id, policies.policy_id
),

represented as (
    select
        *,
        min(analysis_id || ':' || change_id) over (
            partition by policy_id, effect_ids, yis, vis
        ) as pool_id
    from listed
),

pools as (
    select
        represented.*,
        policies.tau2_method,
        policies.ci_method,
        'none' as pi_method,
        'none' as tau2_ci_method,
        policies.ci_level,
        policies.overlap_handling,
        coalesce(policies.default_correlation, 0.0) as other_correlation
    from represented
    inner join policies on represented.policy_id = policies.policy_id
    where represented.pool_id = represented.analysis_id || ':' || represented.change_id
),

positions as (
    select
        pool_id,
        policy_id,
        other_correlation,
        unnest(effect_ids) as effect_id,
        unnest(range(1, len(effect_ids) + 1)) as position
    from pools
    where overlap_handling != 'none'
),

-- A row read the other way round still measures the same trials: its correlation keeps its sign.
pairs as (
    select
        positions.pool_id,
        positions.policy_id,
        positions.position,
        others.position as other_position,
        positions.other_correlation,
        {{ sampling_correlation('known', 'positions.other_correlation') }} as correlation
    from positions
    inner join {{ ref('int_overlap_correlations') }} as known
        on
            known.source_sheet = 'reported_effects'
            and positions.effect_id = known.effect_id
    inner join positions as others
        on
            positions.pool_id = others.pool_id
            and positions.policy_id = others.policy_id
            and known.other_effect_id = others.effect_id
            and positions.position < others.position
),

correlations as (
    select
        pool_id,
        policy_id,
        list([position, other_position, correlation] order by position, other_position)
            as correlations
    from pairs
    where correlation != other_correlation
    group by pool_id, policy_id
),

inputs as (
    select
        pools.*,
        coalesce(correlations.correlations, cast([] as double[][])) as correlations,
        if(
            pools.overlap_handling = 'none',
            null,
            correlation_shrinkage_pairs(
                cast(len(pools.effect_ids) as double),
                coalesce(correlations.correlations, []),
                {'default_correlation': pools.other_correlation}
            ).shrinkage
        ) as shrinkage
    from pools
    left join correlations
        on
            pools.pool_id = correlations.pool_id
            and pools.policy_id = correlations.policy_id
),

{{ pool_inputs() }}

select
    represented.analysis_id,
    represented.policy_id,
    represented.change_id,
    represented.pool_id,
    final.fit.status as status,
    final.fit.k as k,
    final.fit.estimate as estimate,
    if(final.fit.status = 'single_study', represented.only_ci_low, final.fit.ci_low) as ci_low,
    if(final.fit.status = 'single_study', represented.only_ci_high, final.fit.ci_high) as ci_high,
    final.fit.p_value as p_value
from represented
inner join final
    on
        represented.pool_id = final.pool_id
        and represented.policy_id = final.policy_id
