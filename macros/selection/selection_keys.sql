{% macro selection_keys() %}
rules as (
    select * from {{ ref('stg_protocol__selection_rules') }}
),

criteria as (
    select * from {{ ref('stg_protocol__selection_criteria') }}
),

amstar as (
    select * from {{ ref('int_amstar_scores') }}
),

trial_lists as (
    select * from {{ ref('int_trial_lists') }}
    where is_usable
),

described as (
    select
        candidates.analysis_id,
        candidates.effect_id,
        candidates.meta_analysis_id,
        candidates.cluster_id,
        candidates.source_sheet,
        candidates.is_parallel_pool,
        candidates.is_converted,
        trial_lists.meta_analysis_id is not null as has_trial_list,
        {
            'k': cast(candidates.k_for_selection as double),
            'n_participants': cast(candidates.n_for_selection as double),
            'year': cast(candidates.year as double),
            'amstar_score': cast(amstar.score as double)
        } as known
    from candidates
    left join amstar on candidates.meta_analysis_id = amstar.meta_analysis_id
    left join trial_lists on candidates.cluster_id = trial_lists.meta_analysis_id
),

crossed as (
    select
        described.*,
        rules.selection_rule,
        rules.takes,
        rules.needs,
        rules.unknown_overlap,
        rules.reason,
        coalesce(rules.related_meta_analyses, 'declared') as related_meta_analyses,
        not (
            described.is_parallel_pool and coalesce(rules.parallel_pools, 'leave_out') = 'leave_out'
        ) as is_within_scope,
        {{ criterion_value('rules.needs') }} as needed_value
    from described
    cross join rules
),

keyed as (
    select
        crossed.analysis_id,
        crossed.selection_rule,
        crossed.effect_id,
        coalesce(
            list(
                coalesce(
                    if(
                        criteria.preference = 'highest',
                        -{{ criterion_value('criteria.criterion') }},
                        {{ criterion_value('criteria.criterion') }}
                    ),
                    cast('inf' as double)
                )
                order by criteria.step
            ) filter (criteria.step is not null),
            []
        ) as sort_keys,
        coalesce(
            list(criteria.criterion order by criteria.step) filter (criteria.step is not null), []
        ) as criteria
    from crossed
    left join criteria on crossed.selection_rule = criteria.selection_rule
    group by crossed.analysis_id, crossed.selection_rule, crossed.effect_id
),

selection_keys as (
    select
        crossed.* exclude (known, needed_value),
        crossed.needs is null or crossed.needed_value is not null as has_needed,
        keyed.sort_keys,
        keyed.criteria
    from crossed
    inner join keyed
        on
            crossed.analysis_id = keyed.analysis_id
            and crossed.selection_rule = keyed.selection_rule
            and crossed.effect_id = keyed.effect_id
)
{%- endmacro %}
