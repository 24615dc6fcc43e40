-- Grain: one row per analysis, way with converted effects, selection rule and way of handling
-- overlap that some policy has
-- (other than none): the correlations of the members' sampling errors, [i, j, correlation] by
-- positions in effect_ids, what all other pairs have, and how far all must shrink for the matrix to
-- be safely positive definite.
with

members as (
    select
        analysis_id,
        converted_effects,
        selection_rule,
        source_sheet,
        effect_id,
        row_number() over (
            partition by analysis_id, converted_effects, selection_rule order by effect_id
        ) as position
    from {{ ref('int_selected_members') }}
    where is_selected
),

handlings as (
    select
        overlap_handling,
        default_correlation,
        bool_or({{ leaves_out_converted('policies') }}) as leaves_out_converted
    from {{ ref('stg_protocol__policies') }} as policies
    where overlap_handling != 'none'
    group by overlap_handling, default_correlation
),

-- Where nothing is known: the default; independent without one. Trials, as members, share nothing
-- with one another.
sets as (
    select
        members.analysis_id,
        members.converted_effects,
        members.selection_rule,
        handlings.overlap_handling,
        handlings.default_correlation,
        if(
            bool_or(members.source_sheet = 'primary_studies'),
            0.0,
            coalesce(handlings.default_correlation, 0.0)
        ) as other_correlation,
        list(members.effect_id order by members.effect_id) as effect_ids,
        count(*) as k,
        cast(count(*) * (count(*) - 1) // 2 as integer) as n_pairs
    from members
    inner join handlings
        on members.converted_effects = 'pooled' or handlings.leaves_out_converted
    group by
        members.analysis_id, members.converted_effects, members.selection_rule,
        handlings.overlap_handling, handlings.default_correlation
),

-- Where all members are correlated and too many for a pool, no pair changes that.
handled as (
    select
        *,
        correlation_shrinkage_pairs(
            cast(k as double),
            cast([] as double[][]),
            {'default_correlation': other_correlation}
        ).status != 'too_many_effects' as has_pairs
    from sets
),

-- Each pair once: positions follow the identifiers.
correlations as not materialized (
    select * from {{ ref('int_overlap_correlations') }}
    where effect_id < other_effect_id
),

counted as (
    select
        members.analysis_id,
        members.converted_effects,
        members.selection_rule,
        count(*) as n_known,
        count_if(correlations.correlation_source in ('trial_weights', 'shared_counts'))
            as n_pairs_known,
        count_if(correlations.correlation_source in ('at_least', 'relation'))
            as n_pairs_partly_known,
        count_if(correlations.n_shared > 0 or correlations.correlation_source = 'relation')
            as n_pairs_sharing
    from members
    inner join correlations
        on
            members.source_sheet = correlations.source_sheet
            and members.effect_id = correlations.effect_id
    inner join members as others
        on
            members.analysis_id = others.analysis_id
            and members.converted_effects = others.converted_effects
            and members.selection_rule = others.selection_rule
            and correlations.other_effect_id = others.effect_id
    group by members.analysis_id, members.converted_effects, members.selection_rule
),

-- Of thousands of members most pairs are known to share nothing, which matters beside a default
-- only. Materialised, so that members are never joined with members before.
known_of_members as materialized (
    {%- for what_matters in [
        'correlations.correlation != 0',
        'correlations.correlation = 0 and handled.has_pairs and handled.other_correlation != 0',
    ] %}
    select
        handled.* exclude (effect_ids),
        members.position,
        correlations.other_effect_id,
        {{ sampling_correlation('correlations', 'handled.other_correlation') }} as correlation
    from handled
    inner join members
        on
            handled.analysis_id = members.analysis_id
            and handled.converted_effects = members.converted_effects
            and handled.selection_rule = members.selection_rule
    inner join correlations
        on
            members.source_sheet = correlations.source_sheet
            and members.effect_id = correlations.effect_id
    where {{ what_matters }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

listed as (
    select
        known.analysis_id,
        known.converted_effects,
        known.selection_rule,
        known.overlap_handling,
        known.default_correlation,
        list(
            [known.position, others.position, known.correlation]
            order by known.position, others.position
        ) filter (known.has_pairs and known.correlation != known.other_correlation)
            as correlations,
        sum(known.correlation order by known.position, others.position) as sum_of_correlations
    from known_of_members as known
    inner join members as others
        on
            known.analysis_id = others.analysis_id
            and known.converted_effects = others.converted_effects
            and known.selection_rule = others.selection_rule
            and known.other_effect_id = others.effect_id
    group by
        known.analysis_id, known.converted_effects, known.selection_rule,
        known.overlap_handling, known.default_correlation
),

correlated as (
    select
        sets.analysis_id,
        sets.converted_effects,
        sets.selection_rule,
        sets.overlap_handling,
        sets.default_correlation,
        sets.effect_ids,
        coalesce(listed.correlations, cast([] as double[][])) as correlations,
        sets.other_correlation,
        sets.n_pairs,
        cast(coalesce(counted.n_pairs_known, 0) as integer) as n_pairs_known,
        cast(coalesce(counted.n_pairs_partly_known, 0) as integer) as n_pairs_partly_known,
        cast(coalesce(counted.n_pairs_sharing, 0) as integer) as n_pairs_sharing,
        (
            coalesce(listed.sum_of_correlations, 0.0)
            + (sets.n_pairs - coalesce(counted.n_known, 0)) * sets.other_correlation
        ) / nullif(sets.n_pairs, 0) as mean_correlation
    from sets
    left join counted
        on
            sets.analysis_id = counted.analysis_id
            and sets.converted_effects = counted.converted_effects
            and sets.selection_rule = counted.selection_rule
    left join listed
        on
            sets.analysis_id = listed.analysis_id
            and sets.converted_effects = listed.converted_effects
            and sets.selection_rule = listed.selection_rule
            and sets.overlap_handling = listed.overlap_handling
            and sets.default_correlation is not distinct from listed.default_correlation
),

-- Many sets have the same matrix.
matrices as (
    select
        *,
        correlation_shrinkage_pairs(
            k, correlations, {'default_correlation': other_correlation}
        ) as definiteness
    from (
        select distinct
            cast(len(effect_ids) as double) as k,
            correlations,
            other_correlation
        from correlated
    ) as distinct_matrices
),

final as (
    select
        correlated.*,
        matrices.definiteness
    from correlated
    inner join matrices
        on
            len(correlated.effect_ids) = matrices.k
            and correlated.correlations = matrices.correlations
            and correlated.other_correlation = matrices.other_correlation
)

select * from final
order by
    analysis_id, converted_effects, selection_rule, overlap_handling, default_correlation
