-- Grain: one row per analysis, member set, odds-ratio rule and way of handling overlap, with the
-- members' effects, variances and correlations as lists in the order of effect_id.
-- Made only when the specifications have been counted: a multiverse that is too large ends before.
-- depends_on: {{ ref('int_multiverse_choices') }}
with

sets as (
    select distinct
        analysis_id,
        member_set,
        effect_ids
    from {{ ref('int_multiverse_sets') }}
),

candidates as (
    select * from {{ ref('int_candidate_rows') }}
    where is_admissible
),

-- The members of an analysis are rows of one sheet.
sheets as (
    select
        analysis_id,
        any_value(source_sheet) as source_sheet
    from candidates
    group by analysis_id
),

members as (
    select
        sets.analysis_id,
        sheets.source_sheet,
        sets.member_set,
        unnest(sets.effect_ids) as effect_id,
        unnest(range(1, len(sets.effect_ids) + 1)) as position
    from sets
    inner join sheets on sets.analysis_id = sheets.analysis_id
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

-- Where all members are correlated and too many for a pool, no pair changes that.
handled as (
    select
        sets.analysis_id,
        sets.member_set,
        handlings.overlap_handling,
        handlings.other_correlation,
        cast(len(sets.effect_ids) as double) as k,
        correlation_shrinkage_pairs(
            cast(len(sets.effect_ids) as double),
            cast([] as double[][]),
            {'default_correlation': handlings.other_correlation}
        ).status != 'too_many_effects' as has_pairs
    from sets
    cross join handlings
    where handlings.overlap_handling != 'none'
),

-- What differs from the rest (of thousands of members most pairs are known to share nothing), each
-- pair once: positions follow the identifiers.
known as (
    select
        handlings.overlap_handling,
        known.source_sheet,
        known.effect_id,
        known.other_effect_id,
        {{ sampling_correlation('known', 'handlings.other_correlation') }}
            as correlation
    from {{ ref('int_overlap_correlations') }} as known
    cross join handlings
    where
        handlings.overlap_handling != 'none'
        and known.effect_id < known.other_effect_id
        and {{ sampling_correlation('known', 'handlings.other_correlation') }}
        != handlings.other_correlation
),

-- Materialised, so that members are never joined with members before.
known_of_members as materialized (
    select
        members.analysis_id,
        members.member_set,
        handled.overlap_handling,
        members.position,
        known.other_effect_id,
        known.correlation
    from handled
    inner join members
        on
            handled.analysis_id = members.analysis_id
            and handled.member_set = members.member_set
    inner join known
        on
            handled.overlap_handling = known.overlap_handling
            and members.source_sheet = known.source_sheet
            and members.effect_id = known.effect_id
    where handled.has_pairs
),

listed as (
    select
        known_of_members.analysis_id,
        known_of_members.member_set,
        known_of_members.overlap_handling,
        list(
            [known_of_members.position, others.position, known_of_members.correlation]
            order by known_of_members.position, others.position
        ) as correlations
    from known_of_members
    inner join members as others
        on
            known_of_members.analysis_id = others.analysis_id
            and known_of_members.member_set = others.member_set
            and known_of_members.other_effect_id = others.effect_id
    group by
        known_of_members.analysis_id, known_of_members.member_set,
        known_of_members.overlap_handling
),

-- Correlations do not hang on the rule for odds ratios.
correlated as (
    select
        handled.* exclude (has_pairs),
        coalesce(listed.correlations, cast([] as double[][])) as correlations
    from handled
    left join listed
        on
            handled.analysis_id = listed.analysis_id
            and handled.member_set = listed.member_set
            and handled.overlap_handling = listed.overlap_handling
),

-- Many sets have the same matrix.
matrices as (
    select
        *,
        correlation_shrinkage_pairs(
            k, correlations, {'default_correlation': other_correlation}
        ) as positive_definite
    from (
        select distinct
            k,
            correlations,
            other_correlation
        from correlated
    ) as distinct_matrices
),

checked as (
    select
        correlated.*,
        matrices.positive_definite.shrinkage as shrinkage
    from correlated
    inner join matrices
        on
            correlated.k = matrices.k
            and correlated.correlations = matrices.correlations
            and correlated.other_correlation = matrices.other_correlation
),

final as (
    select
        effects.*,
        handlings.overlap_handling,
        checked.correlations,
        checked.other_correlation,
        checked.shrinkage
    from effects
    cross join handlings
    left join checked
        on
            effects.analysis_id = checked.analysis_id
            and effects.member_set = checked.member_set
            and handlings.overlap_handling = checked.overlap_handling
)

select * from final
