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
        unnest(effect_ids) as effect_id
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
        {{ only_value("if(or_rules.or_to_smd_rule = 'cox', candidates.ci_low_cox, candidates.ci_low)") }}
            as only_ci_low,
        {{ only_value("if(or_rules.or_to_smd_rule = 'cox', candidates.ci_high_cox, candidates.ci_high)") }}
            as only_ci_high
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
        default_correlation
    from {{ ref('stg_protocol__multiverse_choices') }}
    where choice = 'overlap_handling'
),

lines as (
    select
        members.analysis_id,
        members.member_set,
        handlings.overlap_handling,
        members.effect_id,
        list(
            {{ sampling_correlation(
                'members.effect_id', 'others.effect_id', 'known', 'handlings.default_correlation'
            ) }}
            order by others.effect_id
        ) as line
    from members
    inner join members as others
        on
            members.analysis_id = others.analysis_id
            and members.member_set = others.member_set
    cross join handlings
    left join {{ ref('int_overlap_correlations') }} as known
        on
            members.effect_id = known.effect_id
            and others.effect_id = known.other_effect_id
    where handlings.overlap_handling != 'none'
    group by
        members.analysis_id, members.member_set, handlings.overlap_handling, members.effect_id
),

matrices as (
    select
        analysis_id,
        member_set,
        overlap_handling,
        list(line order by effect_id) as correlations
    from lines
    group by analysis_id, member_set, overlap_handling
),

checked as (
    select
        *,
        correlation_shrinkage(correlations) as positive_definite
    from matrices
),

final as (
    select
        effects.*,
        handlings.overlap_handling,
        checked.correlations,
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
