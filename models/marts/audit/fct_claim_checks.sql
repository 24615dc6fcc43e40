-- Grain: one row per checked statement of the published review and rule.
with

checks as (
    select * from {{ ref('int_claim_checks') }}
),

rules as (
    select * from {{ ref('int_audit_rules') }}
),

final as (
    select
        checks.rule || ':' || checks.subject_kind || ':' || checks.subject_id as check_id,
        checks.subject_kind,
        checks.subject_id,
        checks.claim_id,
        checks.other_claim_id,
        checks.rule,
        rules.rule_description,
        checks.printed_value,
        checks.implied_low,
        checks.implied_high,
        checks.implied_unit,
        checks.statistic,
        checks.p_value,
        case
            when checks.obstacle is not null then 'not_checkable'
            when checks.is_possible then 'consistent'
            when not checks.is_possible then 'conflict'
        end as verdict,
        case
            when checks.obstacle is not null then 'Not checkable: ' || checks.obstacle || '.'
            when checks.is_possible then checks.fact || ' ' || rules.consistent_sentence
            else checks.fact || ' ' || rules.conflict_sentence
        end as explanation,
        checks.section
    from checks
    left join rules on checks.rule = rules.rule
)

select * from final
order by subject_kind, subject_id, rule
