-- Grain: one row per graded result, scheme and domain that could give fewer points: the nearest
-- better rule (of those with the next fewer points the one with fewest criteria against it) and
-- what it asks for.
with

criteria as (
    select * from {{ ref('int_grade_criteria') }}
),

domains as (
    select * from {{ ref('int_grade_domains') }}
    where variant_id = 'declared'
),

{{ rule_atoms_cte(ref('stg_protocol__grading_rules')) }},

better_rules as (
    select
        domains.graded_id,
        atoms.scheme,
        atoms.domain,
        atoms.rule_order,
        any_value(domains.points - atoms.points) as points_gained,
        any_value(atoms.points) as points,
        any_value(atoms.reason) as reason,
        count_if(criteria.is_met is distinct from atoms.must_be_met) as n_against,
        bool_or(criteria.value is null) as has_unknown,
        string_agg(
            case
                when criteria.value is null
                    then criteria.input || ' ' || if(
                            atoms.is_negated, criteria.needs_not_text, criteria.needs_text
                        ) || ' (not known: ' || coalesce(criteria.missing_reason, 'no value') || ')'
                else
                    criteria.input || ' ' || if(
                        atoms.is_negated, criteria.needs_not_text, criteria.needs_text
                    ) || ' (is ' || criteria.value_text || ')'
            end,
            ', ' order by criteria.criterion_order
        ) filter (criteria.is_met is distinct from atoms.must_be_met) as asks_for
    from domains
    inner join rule_atoms as atoms
        on
            domains.scheme = atoms.scheme
            and domains.domain = atoms.domain
            and domains.points > atoms.points
    inner join criteria
        on
            domains.graded_id = criteria.graded_id
            and atoms.scheme = criteria.scheme
            and atoms.criterion = criteria.criterion
    group by domains.graded_id, atoms.scheme, atoms.domain, atoms.rule_order
),

judged as (
    select
        *,
        bool_or(has_unknown) over (partition by graded_id, scheme, domain) as is_unknown
    from better_rules
),

-- Where an input is not known, the best rule is the one to name.
final as (
    select * exclude (is_unknown, has_unknown)
    from judged
    qualify
        row_number() over (
            partition by graded_id, scheme, domain
            order by if(is_unknown, points, -points), n_against, rule_order
        ) = 1
)

select * from final
