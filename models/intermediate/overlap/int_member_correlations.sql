-- Grain: one row per analysis, selection rule and way of handling overlap that some policy has
-- (other than none): the correlation matrix of the members' sampling errors, a list of lists in the
-- order of effect_ids, and how far it must shrink to be safely positive definite.
with

members as (
    select * from {{ ref('int_selected_members') }}
    where is_selected
),

correlations as (
    select * from {{ ref('int_overlap_correlations') }}
),

handlings as (
    select distinct
        overlap_handling,
        default_correlation
    from {{ ref('stg_protocol__policies') }}
    where overlap_handling != 'none'
),

-- Where nothing is known: the default, which no lower bound undercuts; independent without one.
-- Trials, as members, share nothing with one another.
cells as (
    select
        members.analysis_id,
        members.selection_rule,
        handlings.overlap_handling,
        handlings.default_correlation,
        members.effect_id,
        others.effect_id as other_effect_id,
        coalesce(correlations.correlation_source, 'unknown') as correlation_source,
        coalesce(correlations.n_shared, 0) as n_shared,
        members.effect_id < others.effect_id as is_counted,
        {{ sampling_correlation(
            'members.effect_id', 'others.effect_id', 'correlations',
            "if(members.source_sheet = 'primary_studies', null, handlings.default_correlation)",
        ) }} as correlation
    from members
    inner join members as others
        on
            members.analysis_id = others.analysis_id
            and members.selection_rule = others.selection_rule
    cross join handlings
    left join correlations
        on
            members.effect_id = correlations.effect_id
            and others.effect_id = correlations.other_effect_id
),

lines as (
    select
        analysis_id,
        selection_rule,
        overlap_handling,
        default_correlation,
        effect_id,
        list(correlation order by other_effect_id) as line,
        count_if(is_counted) as n_pairs,
        count_if(is_counted and correlation_source in ('trial_weights', 'shared_counts'))
            as n_pairs_known,
        count_if(is_counted and correlation_source = 'at_least') as n_pairs_partly_known,
        count_if(is_counted and n_shared > 0) as n_pairs_sharing,
        sum(if(is_counted, correlation, 0.0) order by other_effect_id) as sum_of_correlations
    from cells
    group by
        analysis_id, selection_rule, overlap_handling, default_correlation, effect_id
),

matrices as (
    select
        analysis_id,
        selection_rule,
        overlap_handling,
        default_correlation,
        list(effect_id order by effect_id) as effect_ids,
        list(line order by effect_id) as correlations,
        cast(sum(n_pairs) as integer) as n_pairs,
        cast(sum(n_pairs_known) as integer) as n_pairs_known,
        cast(sum(n_pairs_partly_known) as integer) as n_pairs_partly_known,
        cast(sum(n_pairs_sharing) as integer) as n_pairs_sharing,
        sum(sum_of_correlations order by effect_id) / nullif(sum(n_pairs), 0) as mean_correlation
    from lines
    group by analysis_id, selection_rule, overlap_handling, default_correlation
),

final as (
    select
        *,
        correlation_shrinkage(correlations) as definiteness
    from matrices
)

select * from final
order by analysis_id, selection_rule, overlap_handling, default_correlation
