{% macro grading_ctes(inputs, criteria, rules, variants) %}
-- A domain's criteria as bits of a number: which are met, or must be.
criterion_bits as (
    select
        *,
        1::bigint << (row_number() over (partition by scheme, domain order by criterion) - 1)
            as criterion_bit
    from (select distinct scheme, domain, criterion from rule_atoms)
),

-- The thresholds that some variant asks for, numbered: a result has hundreds of them.
asked_thresholds as (
    select
        *,
        row_number() over (order by scheme, domain, criterion, applies_to, threshold)
            as threshold_number
    from (
        select distinct
            bits.scheme,
            bits.domain,
            criteria.criterion,
            criteria.applies_to,
            criteria.input,
            criteria.comparison,
            criteria.threshold
        from {{ criteria }} as criteria
        inner join criterion_bits as bits
            on criteria.scheme = bits.scheme and criteria.criterion = bits.criterion
    ) as asked
),

graded_results as (
    select distinct
        graded_id,
        outcome_kind
    from {{ inputs }}
),

threshold_states as (
    select
        results.graded_id,
        asked.scheme,
        asked.domain,
        asked.threshold_number,
        {{ criterion_is_met('given.value', 'given.bound', 'asked.comparison', 'asked.threshold') }}
            as is_met
    from graded_results as results
    inner join asked_thresholds as asked
        on asked.applies_to in ('any', results.outcome_kind)
    left join {{ inputs }} as given
        on results.graded_id = given.graded_id and asked.input = given.input
),

domains_of_results as (
    select
        results.graded_id,
        results.outcome_kind,
        domains.scheme,
        domains.domain,
        states.all_states
    from graded_results as results
    cross join (select distinct scheme, domain from {{ variants }}) as domains
    left join (
        select
            graded_id,
            scheme,
            domain,
            list(is_met order by threshold_number) as all_states
        from threshold_states
        group by graded_id, scheme, domain
    ) as states
        on
            results.graded_id = states.graded_id
            and domains.scheme = states.scheme
            and domains.domain = states.domain
),

-- Many results know the same of a domain: one of them stands for all.
represented as (
    select
        * exclude (all_states),
        min(graded_id) over (partition by outcome_kind, scheme, domain, all_states) as standing_id
    from domains_of_results
),

-- What the rules of a variant can tell apart: which criteria are known, and which of these are met.
states_of_variants as materialized (
    select
        standing.standing_id,
        standing.outcome_kind,
        variants.variant_id,
        standing.scheme,
        standing.domain,
        coalesce(bit_or(if(states.is_met is null, 0, bits.criterion_bit)), 0) as known_bits,
        coalesce(bit_or(if(states.is_met, bits.criterion_bit, 0)), 0) as met_bits
    from (select distinct * exclude (graded_id) from represented) as standing
    inner join {{ variants }} as variants
        on standing.scheme = variants.scheme and standing.domain = variants.domain
    left join criterion_bits as bits
        on standing.scheme = bits.scheme and standing.domain = bits.domain
    left join {{ criteria }} as criteria
        on
            variants.variant_id = criteria.variant_id
            and bits.scheme = criteria.scheme
            and bits.criterion = criteria.criterion
    left join asked_thresholds as asked
        on
            bits.scheme = asked.scheme
            and bits.domain = asked.domain
            and criteria.criterion = asked.criterion
            and criteria.applies_to = asked.applies_to
            and criteria.threshold = asked.threshold
    left join threshold_states as states
        on
            standing.standing_id = states.graded_id
            and asked.threshold_number = states.threshold_number
    group by all
),

rule_bits as (
    select
        variants.variant_id,
        rules.scheme,
        rules.domain,
        rules.rule_order,
        any_value(if(rules.domain = variants.dropped_domain, 0, rules.points)) as points,
        coalesce(bit_or(if(atoms.must_be_met, bits.criterion_bit, 0)), 0) as needed_bits,
        coalesce(bit_or(if(atoms.is_negated, bits.criterion_bit, 0)), 0) as barred_bits
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

patterns as (
    select distinct * exclude (standing_id) from states_of_variants
),

-- A rule holds, fails, or cannot be told (NULL).
rule_states as (
    select
        patterns.*,
        rule_bits.rule_order,
        rule_bits.points,
        rule_bits.needed_bits,
        rule_bits.barred_bits,
        case
            when
                patterns.known_bits & ~patterns.met_bits & rule_bits.needed_bits != 0
                or patterns.met_bits & rule_bits.barred_bits != 0
                then false
            when ~patterns.known_bits & (rule_bits.needed_bits | rule_bits.barred_bits) = 0
                then true
        end as holds
    from patterns
    inner join rule_bits
        on
            patterns.variant_id = rule_bits.variant_id
            and patterns.scheme = rule_bits.scheme
            and patterns.domain = rule_bits.domain
),

deciding_rules as (
    select
        *,
        min(rule_order) filter (holds) over (
            partition by outcome_kind, variant_id, scheme, domain, known_bits, met_bits
        ) as deciding_order
    from rule_states
),

decided_patterns as (
    select
        outcome_kind,
        variant_id,
        scheme,
        domain,
        known_bits,
        met_bits,
        any_value(deciding_order) as rule_order,
        max(points) filter (rule_order = deciding_order) as points,
        min(points) as fewest_points,
        max(points) as most_points,
        count_if(holds is null and rule_order < deciding_order) as n_undecided_rules,
        -- What the rules that may yet decide ask for.
        bit_or(needed_bits | barred_bits) filter (
            coalesce(holds, true) and rule_order <= coalesce(deciding_order, rule_order)
        ) as open_bits
    from deciding_rules
    group by outcome_kind, variant_id, scheme, domain, known_bits, met_bits
),

undecided_patterns as (
    select * from decided_patterns
    where rule_order is null or n_undecided_rules > 0
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
        bit_or(thresholds.criterion_bit) as input_bits,
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

-- Every combination of what the inputs of a domain can yet meet, numbered as a number has digits.
-- Of an input that no open rule asks for, all values are one.
input_digits as (
    select
        *,
        len(met_bits_of_input) as n_values,
        cast(product(len(met_bits_of_input)) over of_pattern as bigint) as n_combinations,
        cast(
            product(len(met_bits_of_input)) over (of_pattern order by input)
            / len(met_bits_of_input) as bigint
        ) as place_value
    from (
        select
            undecided.outcome_kind,
            undecided.variant_id,
            undecided.scheme,
            undecided.domain,
            undecided.known_bits,
            undecided.met_bits,
            possible.input,
            list(distinct possible.met_bits & undecided.open_bits) as met_bits_of_input
        from undecided_patterns as undecided
        inner join input_completions as possible
            on
                undecided.outcome_kind = possible.outcome_kind
                and undecided.variant_id = possible.variant_id
                and undecided.scheme = possible.scheme
                and undecided.domain = possible.domain
                and possible.met_bits & undecided.known_bits
                = undecided.met_bits & possible.input_bits
        group by all
    )
    window of_pattern as (
        partition by outcome_kind, variant_id, scheme, domain, known_bits, met_bits
    )
),

completions as (
    select
        outcome_kind,
        variant_id,
        scheme,
        domain,
        known_bits,
        met_bits,
        combination,
        bit_or(met_bits_of_input[(combination // place_value) % n_values + 1]) as completed_bits
    from (
        select
            *,
            unnest(range(n_combinations)) as combination
        from input_digits
    )
    group by all
),

points_of_completions as (
    select
        completions.outcome_kind,
        completions.variant_id,
        completions.scheme,
        completions.domain,
        completions.known_bits,
        completions.met_bits,
        completions.combination,
        arg_min({'points': rules.points}, rules.rule_order).points as points
    from completions
    inner join rule_states as rules
        on
            completions.outcome_kind = rules.outcome_kind
            and completions.variant_id = rules.variant_id
            and completions.scheme = rules.scheme
            and completions.domain = rules.domain
            and completions.known_bits = rules.known_bits
            and completions.met_bits = rules.met_bits
            and completions.completed_bits & rules.needed_bits = rules.needed_bits
            and completions.completed_bits & rules.barred_bits = 0
    where coalesce(rules.holds, true)
    group by all
),

reachable_points as (
    select
        outcome_kind,
        variant_id,
        scheme,
        domain,
        known_bits,
        met_bits,
        min(points) as fewest_points,
        max(points) as most_points
    from points_of_completions
    group by all
),

-- The first rule that holds decides; what is not known leaves possible what some completion of the
-- inputs gives.
pattern_outcomes as (
    select
        decided.outcome_kind,
        decided.variant_id,
        decided.scheme,
        decided.domain,
        decided.known_bits,
        decided.met_bits,
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
    from decided_patterns as decided
    left join reachable_points as reachable
        using (outcome_kind, variant_id, scheme, domain, known_bits, met_bits)
),

-- Materialised, so that results are never joined with every state of every variant before.
standing_outcomes as materialized (
    select
        states.standing_id,
        outcomes.*
    from states_of_variants as states
    inner join pattern_outcomes as outcomes
        using (outcome_kind, variant_id, scheme, domain, known_bits, met_bits)
),

domain_outcomes as (
    select
        represented.graded_id,
        outcomes.variant_id,
        outcomes.scheme,
        outcomes.domain,
        outcomes.rule_order,
        outcomes.points,
        outcomes.best_points,
        outcomes.worst_points,
        outcomes.n_undecided_rules
    from represented
    inner join standing_outcomes as outcomes
        on
            represented.standing_id = outcomes.standing_id
            and represented.scheme = outcomes.scheme
            and represented.domain = outcomes.domain
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
