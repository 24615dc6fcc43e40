-- Grain: one row per rule of replication, with the words of its verdict.
with

rules as (
    select * from {{ ref('stg_protocol__replication_rules') }}
),

verdicts as (
    select * from {{ ref('stg_protocol__replication_verdicts') }}
),

audit as (
    select
        replication_rule,
        count(*) as n_statements
    from {{ ref('fct_claim_audit') }}
    group by replication_rule
),

final as (
    select
        rules.rule_id,
        rules.quantity,
        case rules.quantity
            when 'any' then 'Any statement'
            when 'effect' then 'An effect'
            when 'comparison' then 'A comparison of two effects'
            when 'share' then 'A share'
            when 'range' then 'A range of shares'
            when 'quality' then 'Ratings of quality'
            when 'collection' then 'What the review found'
            when 'largest' then 'The largest of several shares'
            when 'sum' then 'A sum'
        end as quantity_label,
        cast(rules.rule_order as integer) as rule_order,
        rules.sentence,
        verdicts.label as verdict_label,
        cast(coalesce(audit.n_statements, 0) as integer) as n_statements
    from rules
    inner join verdicts on rules.verdict = verdicts.verdict
    left join audit on rules.rule_id = audit.replication_rule
)

select * from final
order by rule_order, rule_id
