-- Grain: one row per published claim, count, comparison and sum, with two verdicts: whether its
-- arithmetic holds (summary of fct_claim_checks), and whether this extraction reproduces it (the
-- first rule of the sheet replication_rules whose facts are as it needs them).
with

recomputations as (
    select * from {{ ref('fct_recomputations') }}
),

rules as (
    select * from {{ ref('stg_protocol__replication_rules') }}
),

checks as (
    select
        if(subject_kind = 'word', 'claim', subject_kind) as subject_kind,
        if(subject_kind = 'word', claim_id, subject_id) as subject_id,
        count(*) as n_checks,
        count_if(verdict = 'conflict') as n_conflicts,
        count_if(verdict = 'not_checkable') as n_not_checkable,
        string_agg(explanation, ' ' order by rule, subject_id) filter (verdict = 'conflict')
            as conflicts
    from {{ ref('fct_claim_checks') }}
    group by all
),

facts as (
    select
        subject_kind,
        subject_id,
        list(fact) filter (is_true) as true_facts,
        list(fact) filter (not is_true) as false_facts
    from {{ ref('fct_replication_facts') }}
    group by subject_kind, subject_id
),

needed as (
    select
        *,
        list_transform(string_split(coalesce(facts, ''), ';'), lambda name: trim(name)) as names,
        list_filter(names, lambda name: name != '' and not starts_with(name, 'not ')) as must_hold,
        list_transform(
            list_filter(names, lambda name: starts_with(name, 'not ')),
            lambda name: trim(substr(name, 5))
        ) as must_not_hold
    from rules
),

-- A fact that is not known is neither true nor false, and no rule that names it applies.
decided as (
    select
        recomputations.subject_kind,
        recomputations.subject_id,
        needed.rule_id,
        needed.verdict,
        needed.sentence
    from recomputations
    inner join facts
        on
            recomputations.subject_kind = facts.subject_kind
            and recomputations.subject_id = facts.subject_id
    inner join needed on needed.quantity in ('any', recomputations.quantity)
    where
        list_has_all(coalesce(facts.true_facts, []), needed.must_hold)
        and list_has_all(coalesce(facts.false_facts, []), needed.must_not_hold)
    qualify
        row_number() over (
            partition by recomputations.subject_kind, recomputations.subject_id
            order by needed.rule_order, needed.row_number
        ) = 1
),

-- Two readers may take another meta-analysis for the largest: ours is named.
largest as (
    select
        analysis_id,
        'The largest in our data is ' || first_author || coalesce(' ' || year, '') || '.' as words
    from {{ ref('fct_largest_meta_analyses') }}
    where meta_analysis_id is not null
),

final as (
    select
        recomputations.*,
        cast(coalesce(checks.n_checks, 0) as integer) as n_checks,
        cast(coalesce(checks.n_conflicts, 0) as integer) as n_conflicts,
        case
            when checks.n_conflicts > 0 then 'arithmetic conflict'
            when checks.n_checks > checks.n_not_checkable then 'consistent'
            else 'not checkable'
        end as arithmetic,
        checks.conflicts,
        coalesce(decided.verdict, 'not_tested') as replication,
        decided.rule_id as replication_rule,
        concat_ws(
            ' ',
            coalesce(decided.sentence, 'The protocol has no rule for it.'),
            case
                when recomputations.recomputed_p < 0.001 then 'P is below 0.001 in our data.'
                else 'P = ' || printf('%.3f', recomputations.recomputed_p) || ' in our data.'
            end,
            largest.words
        ) as replication_reason
    from recomputations
    left join checks
        on
            recomputations.subject_kind = checks.subject_kind
            and recomputations.subject_id = checks.subject_id
    left join decided
        on
            recomputations.subject_kind = decided.subject_kind
            and recomputations.subject_id = decided.subject_id
    left join largest on recomputations.analysis_id = largest.analysis_id
)

select * from final
order by sort_order
