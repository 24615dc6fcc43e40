-- Grain: one row per reported effect: what its source prints for the classes of evidence, as inputs
-- of the schemes, on the analysis scale of its measure. A number stands for every one that is
-- printed so; a yes or no speaks where there is no number.
{% set numbers = ['p_value', 'i2', 'egger_p', 'excess_significance_p', 'n_cases'] %}
{% set limits = ['pi_low', 'pi_high', 'largest_ci_low', 'largest_ci_high', 'largest_estimate'] %}
with

measures as (
    select * from {{ ref('int_measures') }}
),

printed as (
    {{ printed_numbers('reported_effects', numbers + limits) }}
),

described as (
    select
        effects.*,
        printed.* exclude (row_number),
        measures.shown_as,
        coalesce(measures.is_as_shown, false) as is_as_shown
    from {{ ref('int_adjudicated_effects') }} as effects
    inner join printed on effects.row_number = printed.row_number
    left join measures on effects.measure = measures.measure
),

on_analysis_scale as (
    select
        *,
        {%- for number in ['estimate'] + limits %}
        {{ analysis_scale(number) }} as {{ number }}_scaled,
        {%- endfor %}
    {%- for limit in limits %}
    {{ analysis_scale(smallest(limit)) }} as {{ limit }}_min,
    {{ analysis_scale(largest(limit)) }} as {{ limit }}_max{{ ',' if not loop.last }}
    {%- endfor %}
    from described
),

measured as (
    select
        *,
        {{ greatest_of(['pi_low_scaled', '-pi_high_scaled']) }} as pi_distance,
        {{ greatest_of(['pi_low_min', '-pi_high_max']) }} as pi_distance_min,
        {{ greatest_of(['pi_low_max', '-pi_high_min']) }} as pi_distance_max,
        if(estimate_scaled > 0, largest_ci_low_scaled, -largest_ci_high_scaled)
            as largest_distance,
        if(estimate_scaled > 0, largest_ci_low_min, -largest_ci_high_max)
            as largest_distance_min,
        if(estimate_scaled > 0, largest_ci_low_max, -largest_ci_high_min)
            as largest_distance_max,
        abs(estimate_scaled) - if(
            estimate_scaled > 0, largest_estimate_scaled, -largest_estimate_scaled
        ) as beyond_largest,
        abs(estimate_scaled) - if(
            estimate_scaled > 0, largest_estimate_max, -largest_estimate_min
        ) as beyond_largest_min,
        abs(estimate_scaled) - if(
            estimate_scaled > 0, largest_estimate_min, -largest_estimate_max
        ) as beyond_largest_max,
        -- One-sided, by chi-square, as excess_significance has it.
        p_from_z(
            sqrt(
                (n_significant - n_significant_expected) ** 2 / n_significant_expected
                + (n_significant - n_significant_expected) ** 2
                / (n_comparisons - n_significant_expected)
            )
        ) / 2 as p_beyond_expected
    from on_analysis_scale
),

final as (
    select
        effect_id,
        0.5 * power(10, -p_value_decimals) as p_half_unit,
        {{ printed_input('i2', "'not reported'", 'i2_operator') }} as i2,
        if(
            n_cases is not null,
            {{ grading_input(
                'n_cases',
                "'as reported'",
                "'not reported'",
                bound=bound_of('n_cases_operator'),
                source="'reported'",
            ) }},
            {{ grading_input(
                'events_intervention + events_control',
                "'events of both arms, as reported'",
                "'not reported'",
                source="'reported'",
            ) }}
        ) as n_cases,
        {{ bound_of('n_total_operator') }} as bound_of_n_total,
        printed_class,
        {{ printed_distance('pi_distance', 'pi_excludes_null', "'not reported'") }}
            as pi_distance,
        pi_low_scaled as pi_low,
        pi_high_scaled as pi_high,
        {{ printed_distance('largest_distance', 'largest_significant', "'not reported'") }}
            as largest_distance,
        {{ printed_distance('beyond_largest', 'cast(null as varchar)', "'not reported'") }}
            as beyond_largest,
        {{ printed_test('egger_p', 'small_study_effects', "'not reported'") }} as egger_p,
        {{ printed_test('excess_significance_p', 'excess_significance', "'not reported'") }}
            as excess_printed,
        case
            when n_significant_expected > 0 and n_significant_expected < n_comparisons
                then
                    {{ grading_input(
                        'if(n_significant > n_significant_expected, p_beyond_expected, '
                        ~ '1 - p_beyond_expected)',
                        "'from the printed numbers of significant results, found and expected'",
                        "'not reported'",
                    ) }}
            -- As many as chance gives: whatever their power, no fewer are expected.
            when n_significant <= 0.05 * n_comparisons
                then
                    {{ grading_input(
                        '0.5',
                        "'no more significant results are printed than chance gives'",
                        "'not reported'",
                        bound="'at_least'",
                    ) }}
        end as excess_counted,
        list_bool_or([
            {%- for column in [
                'printed_class', 'n_total_operator', 'n_cases', 'i2_operator', 'pi_low', 'pi_excludes_null', 'egger_p',
                'small_study_effects', 'excess_significance_p', 'excess_significance',
                'n_significant', 'largest_ci_low', 'largest_significant',
            ] %}
            {{ column }} is not null{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as is_printed_for_classes
    from measured
)

select
    * exclude (excess_printed, excess_counted),
    {{ known_or_printed('excess_printed', 'excess_counted') }} as excess_p
from final
order by effect_id
