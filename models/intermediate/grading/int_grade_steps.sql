-- Grain: one row per graded result, scheme and domain that could give fewer points: the nearest
-- better rule (of those with the next fewer points the one with fewest criteria against it) and
-- what it asks for.
with

rule_criteria as (
    select * from {{ ref('int_grade_rule_criteria') }}
    where domain_points > points
),

asked as (
    select
        *,
        input || ' ' || if(is_negated, needs_not_text, needs_text)
        || if(
            value is null,
            ' (not known: ' || coalesce(missing_reason, 'no value') || ')',
            ' (is ' || value_text || ')'
        ) as asks_for,
        if(is_negated, 'not: ', '') || label
        || if(
            value is null,
            ', not known: ' || coalesce(missing_reason, 'no value'),
            ', now ' || value_text
        ) as asks_for_in_words
    from rule_criteria
),

better_rules as (
    select
        graded_id,
        scheme,
        domain,
        rule_order,
        any_value(domain_points - points) as points_gained,
        any_value(points) as points,
        any_value(reason) as reason,
        count_if(not is_as_needed) as n_against,
        bool_or(value is null) as has_unknown,
        string_agg(asks_for, ', ' order by criterion_order) filter (not is_as_needed) as asks_for,
        string_agg(asks_for_in_words, '; ' order by criterion_order) filter (not is_as_needed)
            as asks_for_in_words
    from asked
    group by graded_id, scheme, domain, rule_order
),

judged as (
    select
        better_rules.*,
        -- A class is one domain, and the next class its next rule, known or not.
        schemes.kind != 'class' and bool_or(better_rules.has_unknown) over (
            partition by better_rules.graded_id, better_rules.scheme, better_rules.domain
        ) as is_unknown
    from better_rules
    inner join {{ ref('stg_protocol__grading_schemes') }} as schemes
        on better_rules.scheme = schemes.scheme
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
