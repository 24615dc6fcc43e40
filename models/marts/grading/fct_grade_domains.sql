-- Grain: one row per graded result, scheme and domain.
with

domains as (
    select * from {{ ref('int_grade_domains') }}
    where variant_id = 'declared'
),

rules as (
    select * from {{ ref('stg_protocol__grading_rules') }}
),

steps as (
    select * from {{ ref('int_grade_steps') }}
),

domain_orders as (
    select
        scheme,
        domain,
        min(row_number) as domain_order
    from rules
    group by scheme, domain
),

final as (
    select
        domains.graded_id || ':' || domains.scheme || ':' || domains.domain as grade_domain_id,
        domains.graded_id,
        domains.scheme,
        domains.domain,
        cast(row_number() over (
            partition by domains.graded_id, domains.scheme order by domain_orders.domain_order
        ) as integer) as domain_order,
        cast(domains.rule_order as integer) as rule_order,
        cast(domains.points as integer) as points,
        cast(domains.best_points as integer) as best_points,
        cast(domains.worst_points as integer) as worst_points,
        case
            when domains.rule_order is null then 'not assessable'
            when domains.points is null then 'not assessable'
            when domains.n_undecided_rules > 0 then 'decided on incomplete data'
            else 'decided'
        end as status,
        coalesce(rules.reason, 'no rule of the domain holds') as reason,
        steps.asks_for as nearest_better_rule_asks_for,
        steps.asks_for_in_words as nearest_better_rule_in_words,
        cast(steps.points_gained as integer) as nearest_better_rule_points
    from domains
    left join rules
        on
            domains.scheme = rules.scheme
            and domains.domain = rules.domain
            and domains.rule_order = rules.rule_order
    left join domain_orders
        on domains.scheme = domain_orders.scheme and domains.domain = domain_orders.domain
    left join steps
        on
            domains.graded_id = steps.graded_id
            and domains.scheme = steps.scheme
            and domains.domain = steps.domain
)

select * from final
order by graded_id, scheme, domain_order
