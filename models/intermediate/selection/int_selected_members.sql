-- Grain: one row per analysis, way with converted effects (left_out only where there are any),
-- selection rule and eligible candidate, taken by the rule or not. A rule chooses among those it
-- admits: within its scope, and not superseded by one that is. Members are the rows with
-- is_selected, in the order of effect_id (a unique key) or of selection_rank.
with recursive

candidates as (
    select
        *,
        conversion is not null as is_converted
    from {{ ref('int_candidate_rows') }}
    where is_eligible or is_eligible_as_reported
),

eligible as (
    select
        analysis_id,
        effect_id,
        'pooled' as converted_effects
    from candidates
    where is_eligible
    union all
    select
        analysis_id,
        effect_id,
        'left_out' as converted_effects
    from candidates
    where is_eligible_as_reported and has_converted
),

{{ selection_keys() }},

ranking as (
    select
        selection_keys.*,
        eligible.converted_effects
    from selection_keys
    inner join eligible
        on
            selection_keys.analysis_id = eligible.analysis_id
            and selection_keys.effect_id = eligible.effect_id
),

within_scope as (
    select * from ranking
    where is_within_scope
),

{{ superseded_members('within_scope', ['analysis_id', 'converted_effects', 'selection_rule']) }},

admitted as (
    select
        ranking.*,
        superseded.superseded_by,
        ranking.has_needed
        and ranking.is_within_scope
        and superseded.effect_id is null as is_admitted
    from ranking
    left join superseded
        on
            ranking.analysis_id = superseded.analysis_id
            and ranking.converted_effects = superseded.converted_effects
            and ranking.selection_rule = superseded.selection_rule
            and ranking.effect_id = superseded.effect_id
),

ranked as (
    select
        *,
        row_number() over in_order as selection_rank,
        first_value(sort_keys) over in_order as best_keys,
        nth_value(sort_keys, 2) over in_order as second_keys,
        first_value(is_converted) over in_order as is_best_converted,
        nth_value(is_converted, 2) over in_order as is_second_converted
    from admitted
    window in_order as (
        partition by analysis_id, converted_effects, selection_rule, is_admitted
        order by sort_keys, is_converted, effect_id
        rows between unbounded preceding and unbounded following
    )
),

-- Meta-analyses that are known to share trials, and that are known to share none.
directed_pairs as (
    select
        meta_analysis_id_a as meta_analysis_id,
        meta_analysis_id_b as other_id,
        n_shared,
        is_known
    from {{ ref('int_overlap_pairs') }}
    where alias_handling = 'decided'
    union all
    select
        meta_analysis_id_b,
        meta_analysis_id_a,
        n_shared,
        is_known
    from {{ ref('int_overlap_pairs') }}
    where alias_handling = 'decided'
    union all
    select
        meta_analysis_id,
        related_id,
        1 as n_shared,
        false as is_known
    from {{ ref('int_related_pairs') }}
),

relations as (
    select
        meta_analysis_id,
        coalesce(list(other_id order by other_id) filter (n_shared > 0), []) as shares_with,
        coalesce(list(other_id order by other_id) filter (n_shared = 0 and is_known), [])
            as disjoint_from
    from directed_pairs
    group by meta_analysis_id
),

-- Those whose turn matters: a row that shares trials with no other is taken at any place, unless
-- its rule asks that this is known.
in_line as (
    select
        ranked.analysis_id,
        ranked.converted_effects,
        ranked.selection_rule,
        ranked.effect_id,
        ranked.cluster_id,
        row_number() over (
            partition by ranked.analysis_id, ranked.converted_effects, ranked.selection_rule
            order by ranked.selection_rank
        ) as place,
        ranked.has_trial_list,
        ranked.unknown_overlap,
        coalesce(relations.shares_with, []) as shares_with,
        coalesce(relations.disjoint_from, []) as disjoint_from
    from ranked
    left join relations on ranked.cluster_id = relations.meta_analysis_id
    where
        ranked.takes = 'non_overlapping'
        and ranked.is_admitted
        and (
            len(relations.shares_with) > 0
            or (ranked.unknown_overlap is distinct from 'take' and ranked.has_trial_list)
        )
),

-- Down the ranks, with the list of those taken so far.
walk as (
    select
        analysis_id,
        converted_effects,
        selection_rule,
        cast(0 as bigint) as place,
        cast(null as varchar) as effect_id,
        false as is_taken,
        cast([] as varchar[]) as taken,
        cast(null as varchar[]) as shared_with
    from in_line
    where place = 1

    union all

    select
        walk.analysis_id,
        walk.converted_effects,
        walk.selection_rule,
        in_line.place,
        in_line.effect_id,
        {{ may_be_taken() }} as is_taken,
        if({{ may_be_taken() }}, list_append(walk.taken, in_line.cluster_id), walk.taken) as taken,
        list_sort(list_intersect(in_line.shares_with, walk.taken)) as shared_with
    from walk
    inner join in_line
        on
            walk.analysis_id = in_line.analysis_id
            and walk.converted_effects = in_line.converted_effects
            and walk.selection_rule = in_line.selection_rule
            and walk.place + 1 = in_line.place
),

-- Rows as good as the first by what the rule chooses by: listed once, not beside every row.
ties as (
    select
        analysis_id,
        converted_effects,
        selection_rule,
        list(meta_analysis_id order by meta_analysis_id) as tied_with
    from ranked
    where
        takes = 'first'
        and is_admitted
        and selection_rank > 1
        and sort_keys[1] = best_keys[1]
    group by analysis_id, converted_effects, selection_rule
),

decided as (
    select
        ranked.*,
        walk.shared_with,
        ranked.is_admitted
        and case ranked.takes
            when 'all' then true
            when 'first' then ranked.selection_rank = 1
            when 'non_overlapping'
                then
                    if(
                        walk.effect_id is null,
                        ranked.unknown_overlap is not distinct from 'take',
                        walk.is_taken
                    )
        end as is_selected,
        coalesce(
            ranked.criteria[
                list_filter(
                    range(1, len(ranked.best_keys) + 1),
                    lambda i: ranked.best_keys[i] != ranked.second_keys[i]
                )[1]
            ],
            if(
                ranked.is_best_converted != ranked.is_second_converted,
                'reported on the scale',
                'identifier'
            )
        ) as tie_broken_by
    from ranked
    left join walk
        on
            ranked.analysis_id = walk.analysis_id
            and ranked.converted_effects = walk.converted_effects
            and ranked.selection_rule = walk.selection_rule
            and ranked.effect_id = walk.effect_id
),

final as (
    select
        decided.analysis_id,
        decided.converted_effects,
        decided.selection_rule,
        decided.effect_id,
        decided.meta_analysis_id,
        decided.cluster_id,
        decided.source_sheet,
        decided.is_admitted,
        if(decided.is_admitted, decided.selection_rank, null) as selection_rank,
        decided.has_trial_list,
        decided.is_selected,
        ties.tied_with is not null as is_tied,
        ties.tied_with,
        if(ties.tied_with is null, null, decided.tie_broken_by) as tie_broken_by,
        case
            when decided.is_selected then null
            when not decided.is_within_scope
                then 'one of several pools by control, with none over all'
            when decided.superseded_by is not null
                then decided.superseded_by || ', which enters'
            when not decided.has_needed then 'criterion unknown: ' || decided.needs
            when decided.takes = 'first'
                then coalesce(decided.reason, 'ranks behind another one')
            when len(decided.shared_with) > 0
                then 'shares trials with ' || array_to_string(decided.shared_with, ', ')
            when decided.has_trial_list
                then 'trials shared with those taken before are not known'
            else 'no complete trial list'
        end as not_selected_reason
    from decided
    left join ties
        on
            decided.is_selected
            and decided.analysis_id = ties.analysis_id
            and decided.converted_effects = ties.converted_effects
            and decided.selection_rule = ties.selection_rule
)

select * from final
order by analysis_id, converted_effects, selection_rule, effect_id
