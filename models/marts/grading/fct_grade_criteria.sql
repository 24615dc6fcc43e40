-- Grain: one row per graded result, scheme and criterion.
with

criteria as (
    select * from {{ ref('int_grade_criteria') }}
),

rule_criteria as (
    select * from {{ ref('int_grade_rule_criteria') }}
),

-- What a rule gives, in words: a class, or levels of a domain.
outcomes as (
    select
        rules.scheme,
        rules.domain,
        rules.rule_order,
        if(
            schemes.kind = 'class',
            grades.label,
            replace(rules.domain, '_', ' ') || coalesce(
                if(rules.points = 0, ' not lowered', ' ' || printf('%+d', -rules.points)),
                ' not assessable'
            )
        ) as outcome
    from {{ ref('stg_protocol__grading_rules') }} as rules
    inner join {{ ref('stg_protocol__grading_schemes') }} as schemes
        on rules.scheme = schemes.scheme
    left join {{ ref('stg_protocol__grading_grades') }} as grades
        on rules.scheme = grades.scheme and rules.points = grades.max_points
),

-- What each criterion does in the rules up to the one that decides its domain.
roles as (
    select
        rule_criteria.graded_id,
        rule_criteria.scheme,
        rule_criteria.criterion,
        string_agg(distinct rule_criteria.domain, ', ' order by rule_criteria.domain) as domain,
        string_agg(
            outcomes.outcome || ' (' || rule_criteria.reason || ')',
            '; ' order by rule_criteria.rule_order
        ) filter (rule_criteria.rule_order = rule_criteria.deciding_rule_order) as decides,
        string_agg(
            distinct outcomes.outcome, ', ' order by outcomes.outcome
        ) filter (
            (
                rule_criteria.deciding_rule_order is null
                or rule_criteria.rule_order < rule_criteria.deciding_rule_order
            )
            and not rule_criteria.is_as_needed
            and (
                rule_criteria.domain_points is null
                or rule_criteria.points < rule_criteria.domain_points
            )
        ) as withholds
    from rule_criteria
    inner join outcomes
        on
            rule_criteria.scheme = outcomes.scheme
            and rule_criteria.domain = outcomes.domain
            and rule_criteria.rule_order = outcomes.rule_order
    group by rule_criteria.graded_id, rule_criteria.scheme, rule_criteria.criterion
),

final as (
    select
        criteria.graded_id || ':' || criteria.scheme || ':' || criteria.criterion
            as grade_criterion_id,
        criteria.graded_id,
        criteria.scheme,
        roles.domain,
        criteria.criterion,
        cast(criteria.criterion_order as integer) as criterion_order,
        criteria.label as criterion_label,
        criteria.input,
        criteria.value,
        criteria.bound,
        criteria.source as input_source,
        criteria.value_text,
        criteria.unit,
        criteria.comparison,
        criteria.threshold,
        criteria.is_met,
        criteria.is_open_by_rounding,
        case
            when criteria.is_met then 'met'
            when not criteria.is_met then 'not met'
            else 'not assessable'
        end as status,
        if(
            criteria.is_met is null,
            coalesce(
                criteria.missing_reason,
                'known only as a bound: ' || criteria.value_text || ' (' || criteria.basis || ')'
            ),
            null
        ) as reason_not_assessable,
        if(criteria.bound = 'verdict', null, criteria.value - criteria.threshold) as distance,
        roles.decides is not null as is_decisive,
        case
            when roles.decides is not null then 'decides ' || roles.decides
            when roles.withholds is not null then 'withholds ' || roles.withholds
            else 'no effect'
        end as effect_on_grade,
        if(roles.decides is null, roles.withholds, null) as withholds,
        criteria.label || ': ' || case
            when criteria.value is null then 'not assessable, ' || criteria.missing_reason
            else
                criteria.value_text
                || if(criteria.bound = 'verdict', '', ' ' || criteria.unit)
                || ' against ' || criteria.needs_text || ', '
                || case
                    when criteria.is_met then 'met'
                    when not criteria.is_met then 'not met'
                    else 'cannot be told'
                end || ' (' || criteria.basis || ')'
        end || if(
            criteria.is_open_by_rounding,
            '; the other way within the rounding of the printed numbers',
            ''
        ) as explanation
    from criteria
    left join roles
        on
            criteria.graded_id = roles.graded_id
            and criteria.scheme = roles.scheme
            and criteria.criterion = roles.criterion
)

select * from final
order by graded_id, scheme, criterion_order
