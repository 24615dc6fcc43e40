{% macro grading_ctes(inputs, criteria, rules, variants) %}
graded_results as (
    select distinct
        graded_id,
        outcome_kind
    from {{ inputs }}
),

criterion_states as (
    select
        criteria.variant_id,
        criteria.scheme,
        criteria.criterion,
        criteria.is_dropped,
        results.graded_id,
        {{ criterion_is_met('given.value', 'given.bound', 'criteria.comparison', 'criteria.threshold') }}
            as is_met
    from graded_results as results
    inner join {{ criteria }} as criteria
        on criteria.applies_to in ('any', results.outcome_kind)
    left join {{ inputs }} as given
        on results.graded_id = given.graded_id and criteria.input = given.input
),

rule_states as (
    select
        results.graded_id,
        variants.variant_id,
        rules.scheme,
        rules.domain,
        rules.rule_order,
        any_value(if(rules.domain = variants.dropped_domain, 0, rules.points)) as points,
        -- A rule holds, fails, or cannot be told (NULL).
        case
            when bool_or(
                atoms.criterion is not null and not states.is_dropped
                and states.is_met = atoms.is_negated
            ) then false
            when bool_or(
                atoms.criterion is not null and not coalesce(states.is_dropped, false)
                and states.is_met is null
            ) then null
            else true
        end as holds
    from graded_results as results
    cross join {{ variants }} as variants
    inner join {{ rules }} as rules
        on variants.scheme = rules.scheme and variants.domain = rules.domain
    left join rule_atoms as atoms
        on
            rules.scheme = atoms.scheme
            and rules.domain = atoms.domain
            and rules.rule_order = atoms.rule_order
    left join criterion_states as states
        on
            results.graded_id = states.graded_id
            and variants.variant_id = states.variant_id
            and atoms.scheme = states.scheme
            and atoms.criterion = states.criterion
    group by results.graded_id, variants.variant_id, rules.scheme, rules.domain, rules.rule_order
),

deciding_rules as (
    select
        *,
        min(rule_order) filter (holds) over (
            partition by graded_id, variant_id, scheme, domain
        ) as deciding_order
    from rule_states
),

-- The first rule that holds decides; earlier ones that cannot be told say what else is possible.
domain_outcomes as (
    select
        graded_id,
        variant_id,
        scheme,
        domain,
        any_value(deciding_order) as rule_order,
        max(points) filter (rule_order = deciding_order) as points,
        -- A domain that gives no points may still get any of them.
        coalesce(
            min(points) filter (holds is distinct from false and rule_order <= deciding_order),
            min(points)
        ) as best_points,
        coalesce(
            max(points) filter (holds is distinct from false and rule_order <= deciding_order),
            max(points)
        ) as worst_points,
        count_if(holds is null and rule_order < deciding_order) as n_undecided_rules
    from deciding_rules
    group by graded_id, variant_id, scheme, domain
)
{% endmacro %}


{% macro rule_atoms_cte(rules) -%}
named_criteria as (
    select
        scheme,
        domain,
        rule_order,
        points,
        reason,
        trim(unnest(string_split(criteria, ';'))) as name
    from {{ rules }}
    where criteria is not null
),

rule_atoms as (
    select
        * exclude (name),
        starts_with(name, 'not ') as is_negated,
        not starts_with(name, 'not ') as must_be_met,
        trim(regexp_replace(name, '^not ', '')) as criterion
    from named_criteria
)
{%- endmacro %}


{% macro criterion_is_met(value, bound, comparison, threshold) -%}
    case
        when {{ value }} is null or isnan({{ value }}) then null
        when {{ comparison }} in ('>', '>=')
            then
                case
                    when
                        {{ value }} > {{ threshold }}
                        or ({{ comparison }} = '>=' and {{ value }} = {{ threshold }})
                        then if({{ bound }} = 'at_most', null, true)
                    when {{ bound }} = 'at_least' then null
                    else false
                end
        when
            {{ value }} < {{ threshold }}
            or ({{ comparison }} = '<=' and {{ value }} = {{ threshold }})
            then if({{ bound }} = 'at_least', null, true)
        when {{ bound }} = 'at_most' then null
        else false
    end
{%- endmacro %}


{% macro grade_ctes(domain_outcomes, grades) %}
totals as (
    select
        graded_id,
        variant_id,
        scheme,
        if(count(points) = count(*), sum(points), null) as points,
        if(count(best_points) = count(*), sum(best_points), null) as best_points,
        if(count(worst_points) = count(*), sum(worst_points), null) as worst_points,
        sum(n_undecided_rules) as n_undecided_rules
    from {{ domain_outcomes }}
    group by graded_id, variant_id, scheme
),

grade_outcomes as (
    select
        totals.*,
        (
            select arg_min(grades.grade, grades.max_points)
            from {{ grades }} as grades
            where grades.scheme = totals.scheme and grades.max_points >= totals.points
        ) as grade,
        (
            select arg_min(grades.grade, grades.max_points)
            from {{ grades }} as grades
            where grades.scheme = totals.scheme and grades.max_points >= totals.best_points
        ) as best_grade,
        (
            select arg_min(grades.grade, grades.max_points)
            from {{ grades }} as grades
            where grades.scheme = totals.scheme and grades.max_points >= totals.worst_points
        ) as worst_grade
    from totals
)
{% endmacro %}


{% macro create_grading_macros() %}
    {% set criteria = "(select *, 'declared' as variant_id, false as is_dropped from main.dim_grading_criteria)" %}
    {% set variants = "(select distinct scheme, domain, 'declared' as variant_id, cast(null as varchar) as dropped_domain from main.dim_grading_rules)" %}
    {% set body = 'with ' ~ rule_atoms_cte('main.dim_grading_rules') ~ ', ' ~ grading_ctes('query_table(inputs)', criteria, 'main.dim_grading_rules', variants) %}
    {% set grades = '(select scheme, grade, max_points from main.dim_grades)' %}
    create or replace macro main.grade_domains(inputs) as table
    {{ body }}
    select
        graded_id, scheme, domain, outcomes.rule_order, outcomes.points, best_points, worst_points,
        rules.reason
    from domain_outcomes as outcomes
    inner join main.dim_grading_rules as rules using (scheme, domain, rule_order);

    create or replace macro main.evidence_grades(inputs) as table
    {{ body }}, {{ grade_ctes('domain_outcomes', grades) }}
    select graded_id, scheme, points, grade, best_grade, worst_grade from grade_outcomes
{% endmacro %}


{% macro grading_input(value, basis, missing, bound="'exact'") -%}
    {
        'value': cast({{ value }} as double),
        'bound': {{ bound }},
        'basis': if({{ value }} is null, null, {{ basis }}),
        'missing_reason': if({{ value }} is null, {{ missing }}, null)
    }
{%- endmacro %}


{% macro short_number(value) -%}
    if(abs({{ value }}) >= 1000, printf('%.0f', {{ value }}), printf('%.3g', {{ value }}))
{%- endmacro %}
