-- Grain: one row per row of reported_effects, rule and cell: printed intervals, verdicts and
-- heterogeneity that do not go together, whatever was rounded away.
{% set numbers = [
    'estimate', 'ci_low', 'ci_high', 'pi_low', 'pi_high',
    'largest_estimate', 'largest_ci_low', 'largest_ci_high', 'i2', 'q',
] %}
{% set no_effect = 'if(is_plain_ratio, 1, 0)' %}
{% set checks = [] %}
{% for name, estimate, low, high in [
    ('prediction interval', 'estimate', 'pi_low', 'pi_high'),
    ('interval of the largest study', 'largest_estimate', 'largest_ci_low', 'largest_ci_high'),
] %}
{% set interval = low ~ " || ' to ' || " ~ high %}
    {% do checks.append((
        'limits_in_wrong_order', low ~ ', ' ~ high, low ~ ' > ' ~ high, interval, low, high,
        'the lower limit of the ' ~ name ~ ' is above the upper one',
        "if(" ~ low ~ " > 0 and -" ~ low ~ " <= " ~ high ~ " and not is_plain_ratio, 'a minus is "
        ~ "lost in the lower limit', 'the two limits are swapped')",
    )) %}
    {% do checks.append((
        'estimate_outside_interval', estimate ~ ', ' ~ low ~ ', ' ~ high,
        low ~ ' <= ' ~ high ~ ' and (' ~ largest(estimate) ~ ' < ' ~ smallest(low) ~ ' or '
        ~ smallest(estimate) ~ ' > ' ~ largest(high) ~ ')',
        estimate ~ " || ' with ' || " ~ interval, low, high,
        'the estimate lies outside the ' ~ name,
        'if(-' ~ estimate ~ ' between ' ~ low ~ ' and ' ~ high ~ ", 'a minus is lost', null)",
    )) %}
{% endfor %}
{% do checks.append((
    'verdict_against_number', 'pi_excludes_null, pi_low, pi_high',
    "(pi_excludes_null = 'yes' and " ~ largest('pi_low') ~ ' < ' ~ no_effect ~ ' and '
    ~ smallest('pi_high') ~ ' > ' ~ no_effect ~ ") or (pi_excludes_null = 'no' and ("
    ~ smallest('pi_low') ~ ' > ' ~ no_effect ~ ' or ' ~ largest('pi_high') ~ ' < ' ~ no_effect ~ '))',
    "pi_excludes_null || ' with ' || pi_low || ' to ' || pi_high", 'pi_low', 'pi_high',
    'the limits of the prediction interval say the opposite', 'cast(null as varchar)',
)) %}
{% do checks.append((
    'verdict_against_number', 'largest_significant, largest_ci_low, largest_ci_high',
    "largest_significant = 'yes' and " ~ largest('largest_ci_low') ~ ' < ' ~ no_effect ~ ' and '
    ~ smallest('largest_ci_high') ~ ' > ' ~ no_effect,
    "largest_significant || ' with ' || largest_ci_low || ' to ' || largest_ci_high",
    'largest_ci_low', 'largest_ci_high',
    'the interval of the largest study includes no effect', 'cast(null as varchar)',
)) %}
{% do checks.append((
    'more_significant_than_studies', 'n_significant, n_comparisons',
    'n_significant > n_comparisons', "n_significant || ' of ' || n_comparisons", '0',
    'n_comparisons', 'more studies are significant than there are',
    "'the two numbers are swapped'",
)) %}
{% do checks.append((
    'estimate_off_centre', 'estimate, ci_low, ci_high',
    'is_symmetric and ci_low <= estimate and estimate <= ci_high'
    ~ ' and ' ~ greatest_of([
        straight(smallest('estimate')) ~ ' - middle_high',
        'middle_low - ' ~ straight(largest('estimate')),
    ]) ~ ' > 0.2 * half_width',
    "estimate || ' with ' || ci_low || ' to ' || ci_high",
    'if(is_plain_ratio, exp(ln(estimate) - half_width), estimate - half_width)',
    'if(is_plain_ratio, exp(ln(estimate) + half_width), estimate + half_width)',
    'the estimate is not in the middle of its interval', 'cast(null as varchar)',
)) %}
{% do checks.append((
    'i2_against_q', 'i2, q, n_comparisons',
    "coalesce(i2_operator, '=') = '=' and n_comparisons > 1 and q > 0 and ("
    ~ largest('i2') ~ ' < i2_low or ' ~ smallest('i2') ~ ' > i2_high)',
    "i2 || ' with Q ' || q || ' of ' || n_comparisons", 'i2_low', 'i2_high',
    'Q and the number of comparisons give another I2',
    "if(100 * " ~ largest('i2') ~ ' >= i2_low and 100 * ' ~ smallest('i2')
    ~ " <= i2_high, 'I2 is typed as a fraction', null)",
)) %}
with

printed as (
    {{ printed_numbers('reported_effects', numbers) }}
),

described as (
    select
        effects.*,
        {%- for number in numbers %}
        printed.{{ number }}_decimals,
        {%- endfor %}
        coalesce(measures.is_plain_ratio, false) as is_plain_ratio,
        -- On the scale on which intervals are made, and so symmetric.
        coalesce(
            measures.measure_family in ('smd', 'mean_difference', 'risk_difference', 'ratio'), false
        ) as is_symmetric,
        ({{ straight('ci_high') }} - {{ straight('ci_low') }}) / 2 as half_width,
        ({{ straight(smallest('ci_low')) }} + {{ straight(smallest('ci_high')) }}) / 2
            as middle_low,
        ({{ straight(largest('ci_low')) }} + {{ straight(largest('ci_high')) }}) / 2
            as middle_high,
        100 * {{ greatest_of(['0', '1 - (n_comparisons - 1) / ' ~ smallest('q')]) }} as i2_low,
        100 * {{ greatest_of(['0', '1 - (n_comparisons - 1) / ' ~ largest('q')]) }} as i2_high
    from {{ ref('int_adjudicated_effects') }} as effects
    inner join printed on effects.row_number = printed.row_number
    left join {{ ref('int_measures') }} as measures on effects.measure = measures.measure
),

checked as (
    select
        row_number,
        effect_id as row_id,
        unnest([
            {%- for rule, columns, is_found, printed, low, high, why, candidate in checks %}
            {
                'is_found': {{ is_found }},
                'rule': '{{ rule }}',
                'columns': '{{ columns }}',
                'printed': {{ printed }},
                'implied_low': cast({{ low }} as double),
                'implied_high': cast({{ high }} as double),
                'why': '{{ why }}',
                'candidate': {{ candidate }}
            }{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as found
    from described
),

final as (
    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        found.rule as rule,
        found.columns as columns,
        found.printed as printed,
        found.implied_low as implied_low,
        found.implied_high as implied_high,
        found.why as why,
        found.candidate as candidate
    from checked
    where found.is_found
)

select * from final
order by row_number, rule, columns
