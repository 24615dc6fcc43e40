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

-- A domain's criteria as bits of a number: which are met, or must be.
criterion_bits as (
    select
        *,
        1::bigint << (row_number() over (partition by scheme, domain order by criterion) - 1)
            as criterion_bit
    from (select distinct scheme, domain, criterion from rule_atoms)
),

named_criteria_of_results as (
    select
        states.graded_id,
        states.variant_id,
        bits.scheme,
        bits.domain,
        bit_or(if(states.is_met is null, 0, bits.criterion_bit)) as known_bits,
        bit_or(if(states.is_met, bits.criterion_bit, 0)) as met_bits
    from criterion_states as states
    inner join criterion_bits as bits
        on states.scheme = bits.scheme and states.criterion = bits.criterion
    group by states.graded_id, states.variant_id, bits.scheme, bits.domain
),

-- What an input can meet together: criteria of one input cannot be met in every combination. Tried
-- are the thresholds, a value between each two, and one beyond either end.
input_thresholds as (
    select
        kinds.outcome_kind,
        criteria.variant_id,
        criteria.input,
        criteria.comparison,
        criteria.threshold,
        bits.scheme,
        bits.domain,
        bits.criterion_bit
    from (select distinct outcome_kind from graded_results) as kinds
    inner join {{ criteria }} as criteria
        on criteria.applies_to in ('any', kinds.outcome_kind)
    inner join criterion_bits as bits
        on criteria.scheme = bits.scheme and criteria.criterion = bits.criterion
),

tried_values as (
    select distinct
        outcome_kind,
        variant_id,
        scheme,
        domain,
        input,
        unnest([
            threshold,
            (threshold + coalesce(lead(threshold) over by_threshold, threshold + 2)) / 2,
            min(threshold) over (partition by outcome_kind, variant_id, scheme, domain, input) - 1
        ]) as tried_value
    from input_thresholds
    window by_threshold as (
        partition by outcome_kind, variant_id, scheme, domain, input order by threshold
    )
),

input_completions as (
    select
        tried.outcome_kind,
        tried.variant_id,
        tried.scheme,
        tried.domain,
        tried.input,
        tried.tried_value,
        bit_or(
            if(
                {{ criterion_is_met('tried.tried_value', "'exact'", 'thresholds.comparison', 'thresholds.threshold') }},
                thresholds.criterion_bit,
                0
            )
        ) as met_bits
    from tried_values as tried
    inner join input_thresholds as thresholds
        using (outcome_kind, variant_id, scheme, domain, input)
    group by all
),

-- Every combination of what the inputs of a domain can meet, numbered as a number has digits.
input_digits as (
    select
        *,
        len(input_bits) as n_values,
        cast(product(len(input_bits)) over of_domain as bigint) as n_combinations,
        cast(
            product(len(input_bits)) over (of_domain order by input) / len(input_bits) as bigint
        ) as place_value
    from (
        select
            outcome_kind,
            variant_id,
            scheme,
            domain,
            input,
            list(distinct met_bits) as input_bits
        from input_completions
        group by outcome_kind, variant_id, scheme, domain, input
    )
    window of_domain as (partition by outcome_kind, variant_id, scheme, domain)
),

completions as (
    select
        outcome_kind,
        variant_id,
        scheme,
        domain,
        bit_or(input_bits[(combination // place_value) % n_values + 1]) as met_bits
    from (
        select
            *,
            unnest(range(n_combinations)) as combination
        from input_digits
    )
    group by outcome_kind, variant_id, scheme, domain, combination
),

rule_bits as (
    select
        variants.variant_id,
        rules.scheme,
        rules.domain,
        rules.rule_order,
        any_value(if(rules.domain = variants.dropped_domain, 0, rules.points)) as points,
        coalesce(bit_or(bits.criterion_bit), 0) as named_bits,
        coalesce(bit_or(if(atoms.must_be_met, bits.criterion_bit, 0)), 0) as needed_bits
    from {{ variants }} as variants
    inner join {{ rules }} as rules
        on variants.scheme = rules.scheme and variants.domain = rules.domain
    left join rule_atoms as atoms
        on
            rules.scheme = atoms.scheme
            and rules.domain = atoms.domain
            and rules.rule_order = atoms.rule_order
            -- A dropped criterion is no condition.
            and (variants.variant_id, atoms.scheme, atoms.criterion) not in (
                select (dropped.variant_id, dropped.scheme, dropped.criterion)
                from {{ criteria }} as dropped
                where dropped.is_dropped
            )
    left join criterion_bits as bits
        on
            atoms.scheme = bits.scheme
            and atoms.domain = bits.domain
            and atoms.criterion = bits.criterion
    group by variants.variant_id, rules.scheme, rules.domain, rules.rule_order
),

points_of_completions as (
    select
        completions.outcome_kind,
        completions.variant_id,
        completions.scheme,
        completions.domain,
        completions.met_bits,
        arg_min({'points': rule_bits.points}, rule_bits.rule_order).points as points
    from completions
    inner join rule_bits
        on
            completions.variant_id = rule_bits.variant_id
            and completions.scheme = rule_bits.scheme
            and completions.domain = rule_bits.domain
            and completions.met_bits & rule_bits.named_bits = rule_bits.needed_bits
    group by all
),

decided_domains as (
    select
        graded_id,
        variant_id,
        scheme,
        domain,
        any_value(deciding_order) as rule_order,
        max(points) filter (rule_order = deciding_order) as points,
        min(points) as fewest_points,
        max(points) as most_points,
        count_if(holds is null and rule_order < deciding_order) as n_undecided_rules
    from deciding_rules
    group by graded_id, variant_id, scheme, domain
),

undecided_domains as (
    select
        decided.graded_id,
        decided.variant_id,
        decided.scheme,
        decided.domain,
        results.outcome_kind,
        known.known_bits,
        known.met_bits
    from decided_domains as decided
    inner join graded_results as results on decided.graded_id = results.graded_id
    inner join named_criteria_of_results as known
        on
            decided.graded_id = known.graded_id
            and decided.variant_id = known.variant_id
            and decided.scheme = known.scheme
            and decided.domain = known.domain
    where decided.rule_order is null or decided.n_undecided_rules > 0
),

-- Many results know the same of a domain.
reachable_points as (
    select
        patterns.*,
        min(points_of_completions.points) as fewest_points,
        max(points_of_completions.points) as most_points
    from (select distinct * exclude (graded_id) from undecided_domains) as patterns
    inner join points_of_completions
        on
            patterns.outcome_kind = points_of_completions.outcome_kind
            and patterns.variant_id = points_of_completions.variant_id
            and patterns.scheme = points_of_completions.scheme
            and patterns.domain = points_of_completions.domain
            and points_of_completions.met_bits & patterns.known_bits = patterns.met_bits
    group by all
),

-- The first rule that holds decides; what is not known leaves possible what some completion of the
-- inputs gives.
domain_outcomes as (
    select
        decided.graded_id,
        decided.variant_id,
        decided.scheme,
        decided.domain,
        decided.rule_order,
        decided.points,
        -- A domain that gives no points, whatever else were known, may still be given any of them.
        coalesce(
            list_min([decided.points, reachable.fewest_points]), decided.fewest_points
        ) as best_points,
        coalesce(
            list_max([decided.points, reachable.most_points]), decided.most_points
        ) as worst_points,
        decided.n_undecided_rules
    from decided_domains as decided
    left join undecided_domains as undecided
        on
            decided.graded_id = undecided.graded_id
            and decided.variant_id = undecided.variant_id
            and decided.scheme = undecided.scheme
            and decided.domain = undecided.domain
    left join reachable_points as reachable
        on
            undecided.outcome_kind = reachable.outcome_kind
            and undecided.variant_id = reachable.variant_id
            and undecided.scheme = reachable.scheme
            and undecided.domain = reachable.domain
            and undecided.known_bits = reachable.known_bits
            and undecided.met_bits = reachable.met_bits
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
                        or (
                            {{ value }} = {{ threshold }}
                            and (
                                {{ bound }} = 'above'
                                or ({{ comparison }} = '>=' and {{ bound }} != 'below')
                            )
                        )
                        then if({{ bound }} in ('at_most', 'below'), null, true)
                    when {{ bound }} in ('at_least', 'above') then null
                    else false
                end
        when
            {{ value }} < {{ threshold }}
            or (
                {{ value }} = {{ threshold }}
                and (
                    {{ bound }} = 'below'
                    or ({{ comparison }} = '<=' and {{ bound }} != 'above')
                )
            )
            then if({{ bound }} in ('at_least', 'above'), null, true)
        when {{ bound }} in ('at_most', 'below') then null
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


{% macro grading_input(value, basis, missing, bound="'exact'", low=none, high=none, source="'computed'") -%}
    {
        'value': cast({{ value }} as double),
        'value_low': cast({{ 'coalesce(' ~ low ~ ', ' ~ value ~ ')' if low else value }} as double),
        'value_high': cast({{ 'coalesce(' ~ high ~ ', ' ~ value ~ ')' if high else value }} as double),
        'bound': {{ bound }},
        'source': if({{ value }} is null, 'missing', {{ source }}),
        'basis': if({{ value }} is null, null, {{ basis }}),
        'missing_reason': if({{ value }} is null, {{ missing }}, null)
    }
{%- endmacro %}


{% macro short_number(value) -%}
    if(abs({{ value }}) >= 1000, printf('%.0f', {{ value }}), printf('%.3g', {{ value }}))
{%- endmacro %}
