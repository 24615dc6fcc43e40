-- Grain: one row per analysis, selection rule and way of handling overlap that some policy has
-- (other than none): the correlations of the members' sampling errors, [i, j, correlation] by
-- positions in effect_ids, what all other pairs have, and how far all must shrink for the matrix to
-- be safely positive definite.
with

members as (
    select
        analysis_id,
        selection_rule,
        source_sheet,
        effect_id,
        row_number() over (
            partition by analysis_id, selection_rule order by effect_id
        ) as position
    from {{ ref('int_selected_members') }}
    where is_selected
),

handlings as (
    select distinct
        overlap_handling,
        default_correlation
    from {{ ref('stg_protocol__policies') }}
    where overlap_handling != 'none'
),

-- Where nothing is known: the default; independent without one. Trials, as members, share nothing
-- with one another.
sets as (
    select
        members.analysis_id,
        members.selection_rule,
        handlings.overlap_handling,
        handlings.default_correlation,
        if(
            bool_or(members.source_sheet = 'primary_studies'),
            0.0,
            coalesce(handlings.default_correlation, 0.0)
        ) as other_correlation,
        list(members.effect_id order by members.effect_id) as effect_ids,
        cast(count(*) * (count(*) - 1) // 2 as integer) as n_pairs
    from members
    cross join handlings
    group by
        members.analysis_id, members.selection_rule, handlings.overlap_handling,
        handlings.default_correlation
),

known_pairs as (
    select
        members.analysis_id,
        members.selection_rule,
        members.position,
        others.position as other_position,
        correlations.correlation_source,
        correlations.n_shared,
        correlations.correlation
    from members
    inner join {{ ref('int_overlap_correlations') }} as correlations
        on members.effect_id = correlations.effect_id
    inner join members as others
        on
            members.analysis_id = others.analysis_id
            and members.selection_rule = others.selection_rule
            and correlations.other_effect_id = others.effect_id
            and members.position < others.position
),

valued as (
    select
        sets.* exclude (effect_ids),
        known_pairs.position,
        known_pairs.other_position,
        known_pairs.correlation_source,
        known_pairs.n_shared,
        {{ sampling_correlation('known_pairs', 'sets.other_correlation') }} as correlation
    from sets
    inner join known_pairs
        on
            sets.analysis_id = known_pairs.analysis_id
            and sets.selection_rule = known_pairs.selection_rule
),

counted as (
    select
        analysis_id,
        selection_rule,
        overlap_handling,
        default_correlation,
        {{ correlated_pairs('position', 'other_position', 'correlation', 'other_correlation') }}
            as correlations,
        count(*) as n_known,
        count_if(correlation_source in ('trial_weights', 'shared_counts')) as n_pairs_known,
        count_if(correlation_source in ('at_least', 'relation')) as n_pairs_partly_known,
        count_if(n_shared > 0 or correlation_source = 'relation') as n_pairs_sharing,
        sum(correlation order by position, other_position) as sum_of_correlations
    from valued
    group by analysis_id, selection_rule, overlap_handling, default_correlation
),

final as (
    select
        sets.analysis_id,
        sets.selection_rule,
        sets.overlap_handling,
        sets.default_correlation,
        sets.effect_ids,
        coalesce(counted.correlations, cast([] as double[][])) as correlations,
        sets.other_correlation,
        sets.n_pairs,
        cast(coalesce(counted.n_pairs_known, 0) as integer) as n_pairs_known,
        cast(coalesce(counted.n_pairs_partly_known, 0) as integer) as n_pairs_partly_known,
        cast(coalesce(counted.n_pairs_sharing, 0) as integer) as n_pairs_sharing,
        (
            coalesce(counted.sum_of_correlations, 0.0)
            + (sets.n_pairs - coalesce(counted.n_known, 0)) * sets.other_correlation
        ) / nullif(sets.n_pairs, 0) as mean_correlation,
        correlation_shrinkage_pairs(
            cast(len(sets.effect_ids) as double),
            coalesce(counted.correlations, []),
            {'default_correlation': sets.other_correlation}
        ) as definiteness
    from sets
    left join counted
        on
            sets.analysis_id = counted.analysis_id
            and sets.selection_rule = counted.selection_rule
            and sets.overlap_handling = counted.overlap_handling
            and sets.default_correlation is not distinct from counted.default_correlation
)

select * from final
order by analysis_id, selection_rule, overlap_handling, default_correlation
