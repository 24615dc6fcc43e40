-- Grain: one row per graded result with an estimate, scheme, rule and criterion that the rule
-- names: whether the criterion is as the rule needs it, beside what decides the domain.
with

criteria as (
    select * from {{ ref('int_grade_criteria') }}
),

domains as (
    select * from {{ ref('int_grade_domains') }}
    where variant_id = 'declared'
),

{{ rule_atoms_cte(ref('stg_protocol__grading_rules')) }},

final as (
    select
        domains.graded_id,
        atoms.scheme,
        atoms.domain,
        atoms.rule_order,
        atoms.points,
        atoms.reason,
        atoms.is_negated,
        coalesce(criteria.is_met = atoms.must_be_met, false) as is_as_needed,
        domains.rule_order as deciding_rule_order,
        domains.points as domain_points,
        criteria.* exclude (graded_id, scheme)
    from domains
    inner join rule_atoms as atoms
        on domains.scheme = atoms.scheme and domains.domain = atoms.domain
    inner join criteria
        on
            domains.graded_id = criteria.graded_id
            and atoms.scheme = criteria.scheme
            and atoms.criterion = criteria.criterion
)

select * from final
