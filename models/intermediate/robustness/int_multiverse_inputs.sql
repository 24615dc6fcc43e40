-- Grain: one row per analysis, member set, odds-ratio rule and way of handling overlap, with the
-- members' effects, variances and correlations as lists in the order of effect_id.
with

sets as (
    select distinct
        analysis_id,
        member_set,
        effect_ids
    from {{ ref('int_multiverse_sets') }}
),

members as (
    select
        analysis_id,
        member_set,
        unnest(effect_ids) as effect_id,
        unnest(range(1, len(effect_ids) + 1)) as position
    from sets
),

candidates as (
    select * from {{ ref('int_candidate_rows') }}
    where is_admissible
),

effects as (
    select
        members.analysis_id,
        members.member_set,
        or_rules.or_to_smd_rule,
        list(
            if(or_rules.or_to_smd_rule = 'cox', candidates.yi_cox, candidates.yi)
            order by members.effect_id
        ) as yis,
        list(
            if(or_rules.or_to_smd_rule = 'cox', candidates.vi_cox, candidates.vi)
            order by members.effect_id
        ) as vis,
        {{ only_value(
            "if(or_rules.or_to_smd_rule = 'cox', candidates.ci_low_cox, candidates.ci_low)"
        ) }} as only_ci_low,
        {{ only_value(
            "if(or_rules.or_to_smd_rule = 'cox', candidates.ci_high_cox, candidates.ci_high)"
        ) }} as only_ci_high
    from members
    inner join candidates
        on
            members.analysis_id = candidates.analysis_id
            and members.effect_id = candidates.effect_id
    cross join {{ multiverse_options('or_to_smd_rule') }} as or_rules
    group by members.analysis_id, members.member_set, or_rules.or_to_smd_rule
),

handlings as (
    select
        option as overlap_handling,
        coalesce(default_correlation, 0.0) as other_correlation
    from {{ ref('stg_protocol__multiverse_choices') }}
    where choice = 'overlap_handling'
),

pairs as (
    select
        members.analysis_id,
        members.member_set,
        handlings.overlap_handling,
        handlings.other_correlation,
        members.position,
        others.position as other_position,
        {{ sampling_correlation('known', 'handlings.other_correlation') }} as correlation
    from members
    inner join {{ ref('int_overlap_correlations') }} as known
        on members.effect_id = known.effect_id
    inner join members as others
        on
            members.analysis_id = others.analysis_id
            and members.member_set = others.member_set
            and known.other_effect_id = others.effect_id
            and members.position < others.position
    cross join handlings
    where handlings.overlap_handling != 'none'
),

listed as (
    select
        analysis_id,
        member_set,
        overlap_handling,
        {{ correlated_pairs('position', 'other_position', 'correlation', 'other_correlation') }}
            as correlations
    from pairs
    group by analysis_id, member_set, overlap_handling
),

-- Correlations do not hang on the rule for odds ratios.
checked as (
    select
        sets.analysis_id,
        sets.member_set,
        handlings.overlap_handling,
        handlings.other_correlation,
        coalesce(listed.correlations, cast([] as double[][])) as correlations,
        correlation_shrinkage_pairs(
            cast(len(sets.effect_ids) as double),
            coalesce(listed.correlations, []),
            {'default_correlation': handlings.other_correlation}
        ) as positive_definite
    from sets
    cross join handlings
    left join listed
        on
            sets.analysis_id = listed.analysis_id
            and sets.member_set = listed.member_set
            and handlings.overlap_handling = listed.overlap_handling
    where handlings.overlap_handling != 'none'
),

final as (
    select
        effects.*,
        handlings.overlap_handling,
        checked.correlations,
        checked.other_correlation,
        checked.positive_definite.shrinkage
    from effects
    cross join handlings
    left join checked
        on
            effects.analysis_id = checked.analysis_id
            and effects.member_set = checked.member_set
            and handlings.overlap_handling = checked.overlap_handling
)

select * from final
