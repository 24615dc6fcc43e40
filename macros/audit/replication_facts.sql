{% macro replication_facts() %}
    {% set common = {
        'only_from_the_review': "recomputed_status = 'circular'",
        'has_analysis': "recomputed_status not in ('not_recomputed', 'circular')",
        'has_result': 'recomputed_estimate is not null or recomputed_ci_low is not null',
    } %}
    {% set effect = {
        'printed_has_interval':
            'published_ci_low is not null and published_ci_high is not null',
        'printed_is_sound': 'is_in_order and is_inside',
        'intervals_meet': 'recomputed_ci_low <= ci_high_max and recomputed_ci_high >= ci_low_min',
        'ours_holds_printed':
            'recomputed_ci_low <= estimate_max and recomputed_ci_high >= estimate_min',
        'printed_holds_ours': 'recomputed_estimate between ci_low_min and ci_high_max',
        'printed_is_clear': 'published_ci_low > no_effect or published_ci_high < no_effect',
        'ours_is_clear': 'recomputed_ci_low > no_effect or recomputed_ci_high < no_effect',
        'same_direction':
            'sign(recomputed_estimate - no_effect) = sign(published_estimate - no_effect)',
        'ours_is_wide': 'recomputed_width > 2 * printed_width',
    } %}
    {% set comparison = {
        'said_to_be_equal': "stated = 'no_difference'",
        'said_to_be_significant': "strength = 'significantly'",
        'ours_is_clear': 'recomputed_p < 0.05',
        'ours_holds_printed':
            'recomputed_ci_low <= difference_max and recomputed_ci_high >= difference_min',
        'same_direction': 'recomputed_estimate > 0',
        'ours_is_wide': 'recomputed_ci_high - recomputed_ci_low > 2 * printed_width',
    } %}
    {% set count = {
        'ours_holds_printed':
            'recomputed_ci_low <= centre_max and recomputed_ci_high >= centre_min',
        'printed_holds_ours': 'recomputed_estimate between range_low_min and range_high_max',
        'ours_is_wide': 'recomputed_ci_high - recomputed_ci_low > published_estimate',
        'ours_has_width': 'recomputed_ci_high > recomputed_ci_low',
        'ours_within_printed':
            'recomputed_ci_low >= range_low_min and recomputed_ci_high <= range_high_max',
        'our_largest_reaches_printed': 'recomputed_ci_high >= range_low_min',
        'our_largest_exceeds_printed': 'recomputed_ci_high > range_high_max',
        'enough_rated': '2 * recomputed_k >= n_included',
    } %}
    {{ return({'common': common, 'effect': effect, 'comparison': comparison, 'count': count}) }}
{% endmacro %}


{% macro replication_facts_of(quantity) %}
    {% set facts = replication_facts() %}
    {% set family = 'count' if quantity in ['share', 'range', 'largest', 'quality'] else quantity %}
    {{ return((facts['common'] | list) + (facts.get(family, {}) | list)) }}
{% endmacro %}


{% macro fact_structs(facts) -%}
    [
        {%- for name, condition in facts.items() %}
        {'fact': '{{ name }}', 'is_true': {{ condition }}}{{ ',' if not loop.last }}
        {%- endfor %}
    ]
{%- endmacro %}
