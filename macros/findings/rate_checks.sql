{#- Rates: what is derived of them, their rules, and what may have happened to their cells. -#}

{% macro rate_numbers() %}
    {{ return({
        'rounded': [
            'percent', 'percent_low', 'percent_high', 'rate', 'rate_low', 'rate_high', 'person_time',
        ],
        'whole': ['events', 'total', 'n_studies'],
    }) }}
{% endmacro %}


{% macro rate_ranges(relation) %}
derived as (
    select
        *,
        coalesce(n_studies, 1) = 1 as is_single,
        100 * events / nullif(total, 0) as counted,
        {%- for name in ['percent_low', 'percent_high'] %}
        logit_from_proportion({{ greatest_of(['0.0001', least_of(['0.9999', name ~ ' / 100'])]) }}) as {{ name }}_logit,
        {%- endfor %}
        case
            when interval_kind = 'ci95' and percent_low <= percent_high
                then (percent_low + percent_high) / 2
        end as middle,
        -- Events give a rate with the range that rounding leaves to the person-time.
        {{ amount_of_time('rate_unit') }} * events / nullif(person_time_most, 0) as counted_rate_least,
        {{ amount_of_time('rate_unit') }} * events / nullif(person_time_least, 0) as counted_rate_most,
        case
            when interval_kind = 'ci95' and rate_low <= rate_high then (rate_low + rate_high) / 2
        end as rate_middle,
        case
            when interval_kind = 'ci95' and rate_low <= rate_high then sqrt(rate_low * rate_high)
        end as log_middle,
        {{ denominator_factor('percent', 'counted', 'counted', 'if(is_single, 1, 1.25)', [10, 100, 1000]) }}
            as percent_factor,
        {{ denominator_factor(
            'rate', 'counted_rate_least', 'counted_rate_most', 'if(is_single, 1, 1.5)',
            denominator_factors()
        ) }} as rate_factor,
        {{ time_of_unit('rate_unit') }} as time_unit,
        if(
            rate > 0 and events > 0,
            {{ times_within(
                '1', 'counted_rate_least / rate_most / if(is_single, 1, 1.5) - 1e-9',
                'counted_rate_most / rate_least * if(is_single, 1, 1.5) + 1e-9'
            ) }}[1],
            null
        ) as other_time,
        100 * proportion_from_logit((percent_low_logit + percent_high_logit) / 2) as logit_middle,
        if(
            interval_kind = 'ci95' and rate_low <= rate_high,
            ln(rate_high_most / nullif({{ greatest_of(['rate_low_least', '0']) }}, 0)) / (2 * {{ z_975() }}), null
        ) as log_rate_se_most,
        (percent_high_most - percent_low_least) / (2 * {{ z_975() }}) as se_most,
        100 * sqrt(
            {{ greatest_of(['percent_least', '0']) }} / 100 * (1 - {{ least_of(['percent_most', '100']) }} / 100)
            / nullif(total, 0)
        ) as least_se
    from {{ relation }}
)
{% endmacro %}


{#- How many times too large a number is that was typed in other denominators, such as per 100 in
    place of per 1000; those of percentages are larger. -#}
{% macro denominator_factors() %}
    {{ return([10, 100, 1000, 0.1, 0.01, 0.001]) }}
{% endmacro %}


{#- The factor by which a printed rate is that of its counts, within its rounding and `fold`. -#}
{% macro denominator_factor(rate, least, most, fold, factors) -%}
    if(
        {{ rate }} > 0 and events > 0,
        list_filter(
            {{ factors }},
            lambda factor: {{ rate }}_most / factor >= {{ least }} / {{ fold }} - 1e-9
            and {{ rate }}_least / factor <= {{ most }} * {{ fold }} + 1e-9
        )[1],
        null
    )
{%- endmacro %}


{% macro in_other_denominators(factor) -%}
    ' (a factor of ' || printf('%g', {{ greatest_of([factor, '1 / ' ~ factor]) }}) || ')'
{%- endmacro %}


{% macro rate_checks() %}
    {%- set interval = "percent_low_printed || ' to ' || percent_high_printed" -%}
    {%- set middles = ['middle', 'logit_middle'] -%}
    {%- set with_interval = "percent_printed || ' (' || " ~ interval ~ " || ')'" -%}
    {%- set counts = "percent_printed || '% beside ' || events_printed || ' of ' || total_printed" -%}
    {%- set below_one = "percent > 0 and percent <= 1 and contains(percent_printed, '.') "
        ~ 'and (percent_high is null or percent_high <= 1) '
        ~ 'and coalesce(counted > percent_most, true)' -%}
    {%- set narrow = "interval_kind = 'ci95' and se_most < 0.6 * least_se" -%}
    {%- set apart = greatest_of(['counted - percent_most', 'percent_least - counted']) -%}
    {%- set rate_interval = "rate_low_printed || ' to ' || rate_high_printed" -%}
    {%- set with_rate_interval = "rate_printed || ' (' || " ~ rate_interval ~ " || ')'" -%}
    {#- A pool weighs its studies; no weights make a rate three times that of their sums likely. -#}
    {%- set fold = 'if(is_single, 1, 3)' -%}
    {%- set rate_apart = '(rate_most < counted_rate_least / ' ~ fold ~ ' - 1e-9 '
        ~ 'or rate_least > counted_rate_most * ' ~ fold ~ ' + 1e-9)' -%}
    {%- set scaled_pool = 'events <= total and not is_single and percent_factor is not null '
        ~ 'and coalesce(counted < percent_low_least, true)' -%}
    {%- set scaled = 'percent_factor is not null and (is_single or (' ~ scaled_pool ~ '))' -%}
    {%- set of_counts = "'the counts give ' || " ~ show('counted') ~ " || '%: ' || percent_printed || ' is per '"
        ~ " || 100 * percent_factor || " ~ in_other_denominators('percent_factor') -%}
    {{ return([
        {
            'rule': 'limits_in_wrong_order', 'columns': ['percent_low', 'percent_high'],
            'found': 'percent_low > percent_high', 'printed': interval,
            'low': 'percent_low', 'high': 'percent_high',
            'why': "'the lower limit is above the upper one'",
        },
        {
            'rule': 'estimate_outside_interval',
            'columns': ['percent', 'percent_low', 'percent_high'],
            'found': 'percent_low <= percent_high and (percent_most < percent_low_least '
                ~ 'or percent_least > percent_high_most)',
            'printed': with_interval, 'low': 'percent_low_least', 'high': 'percent_high_most',
            'why': "'the percentage lies outside its interval'",
        },
        {
            'rule': 'percent_off_centre', 'columns': ['percent', 'percent_low', 'percent_high'],
            'found': "interval_kind = 'ci95' and percent between percent_low and percent_high and "
                ~ greatest_of([
                    least_of(middles) ~ ' - percent_most',
                    'percent_least - ' ~ greatest_of(middles),
                ]) ~ ' > 0.12 * (percent_high_most - percent_low_least)',
            'printed': with_interval, 'low': least_of(middles),
            'high': greatest_of(middles),
            'why': "'the percentage is far from the middle of its interval'",
        },
        {
            'rule': 'limits_in_wrong_order', 'columns': ['rate_low', 'rate_high'],
            'found': 'rate_low > rate_high', 'printed': rate_interval,
            'low': 'rate_low', 'high': 'rate_high',
            'why': "'the lower limit is above the upper one'",
        },
        {
            'rule': 'estimate_outside_interval', 'columns': ['rate', 'rate_low', 'rate_high'],
            'found': 'rate_low <= rate_high and (rate_most < rate_low_least '
                ~ 'or rate_least > rate_high_most)',
            'printed': with_rate_interval, 'low': 'rate_low_least', 'high': 'rate_high_most',
            'why': "'the rate lies outside its interval'",
        },
        {
            'rule': 'rate_off_centre', 'columns': ['rate', 'rate_low', 'rate_high'],
            'found': "interval_kind = 'ci95' and rate between rate_low and rate_high and "
                ~ "(ln(nullif(log_middle, 0) / rate_most) > 0.12 * ln(rate_high_most / "
                ~ greatest_of(['rate_low_least', '1e-9']) ~ ") "
                ~ 'or rate_least - rate_middle > 0.12 * (rate_high_most - rate_low_least))',
            'printed': with_rate_interval, 'low': 'log_middle', 'high': 'rate_middle',
            'why': "'the rate is far from the middle of its interval'",
        },
        {
            'rule': 'rate_against_counts',
            'columns': ['rate', 'rate_unit', 'events', 'person_time'],
            'found': rate_apart ~ ' and rate_factor is null and other_time is null',
            'printed': "rate_printed || ' ' || rate_unit || ' beside ' || events_printed || ' in ' "
                ~ "|| person_time_printed",
            'low': 'counted_rate_least', 'high': 'counted_rate_most',
            'why': "'the counts give ' || " ~ show('counted_rate_least') ~ " || ' ' || rate_unit",
        },
        {
            'rule': 'rate_in_other_denominators',
            'columns': ['rate', 'rate_unit', 'events', 'person_time'],
            'found': rate_apart ~ ' and rate_factor is not null',
            'printed': "rate_printed || ' ' || rate_unit || ' beside ' || events_printed || ' in ' "
                ~ "|| person_time_printed",
            'low': 'counted_rate_least', 'high': 'counted_rate_most',
            'why': "'the counts give ' || " ~ show('counted_rate_least')
                ~ " || ' ' || rate_unit || ': ' || rate_printed || ' is per ' || "
                ~ amount_in_words(amount_of_time('rate_unit') ~ ' * rate_factor')
                ~ " || ' ' || " ~ time_of_unit('rate_unit') ~ " || "
                ~ in_other_denominators('rate_factor')
                ~ " || coalesce(', or the person-time is in ' || other_time, '')",
        },
        {
            'rule': 'person_time_in_other_units',
            'columns': ['person_time', 'rate_unit', 'rate', 'events'],
            'found': rate_apart ~ ' and rate_factor is null and other_time is not null',
            'printed': "rate_printed || ' ' || rate_unit || ' beside ' || events_printed || ' in ' "
                ~ "|| person_time_printed",
            'low': 'counted_rate_least', 'high': 'counted_rate_most',
            'why': "'the counts give ' || " ~ show('counted_rate_least')
                ~ " || ' ' || rate_unit || ', and the printed rate where the person-time is in ' "
                ~ "|| other_time",
        },
        {
            'rule': 'rate_in_other_denominators', 'columns': ['percent', 'events', 'total'],
            'found': 'events <= total and is_single and percent_factor is not null and ' ~ apart ~ ' > 1e-9',
            'printed': counts, 'low': 'counted', 'high': 'counted', 'why': of_counts,
        },
        {
            'rule': 'pooled_percent_in_other_denominators',
            'columns': ['percent', 'events', 'total'], 'found': scaled_pool,
            'printed': counts, 'low': 'counted', 'high': 'counted', 'why': of_counts,
        },
        {
            'rule': 'percent_against_counts', 'columns': ['percent', 'events', 'total'],
            'found': 'not coalesce(' ~ scaled ~ ', false) and events <= total and ' ~ apart ~ ' > if(is_single, 1e-9, 10)',
            'printed': counts, 'low': 'counted', 'high': 'counted',
            'why': "'the counts give ' || " ~ show('counted') ~ " || '%'",
        },
        {
            'rule': 'percent_near_counts', 'columns': ['percent', 'events', 'total'],
            'found': 'not coalesce(' ~ scaled ~ ', false) and events <= total and not is_single and '
                ~ apart ~ ' > 1 and ' ~ apart ~ ' <= 10',
            'printed': counts, 'low': 'counted', 'high': 'counted',
            'why': "'the summed counts give ' || " ~ show('counted') ~ " || '%'",
        },
        {
            'rule': 'percent_as_fraction', 'columns': ['percent'],
            'found': below_one ~ ' and (counted is not null or (' ~ narrow ~ '))',
            'printed': "percent_printed || '%'", 'low': '100 * percent_least',
            'high': '100 * percent_most', 'why': "'a percentage runs from 0 to 100'",
        },
        {
            'rule': 'percent_below_one', 'columns': ['percent'],
            'found': below_one ~ " and counted is null and (se_most is null or total is null "
                ~ "or interval_kind is distinct from 'ci95')",
            'printed': "percent_printed || '%'", 'low': '100 * percent_least',
            'high': '100 * percent_most',
            'why': "'a percentage runs from 0 to 100, and nothing beside it shows that it is one'",
        },
        {
            'rule': 'percent_of_whole_people', 'columns': ['percent', 'total'],
            'found': 'events is null and is_single and interval_kind is null '
                ~ 'and floor(total * percent_most / 100) < ceil(total * percent_least / 100)',
            'printed': "percent_printed || '% of ' || total_printed",
            'low': '100 * floor(total * percent / 100) / total',
            'high': '100 * ceil(total * percent / 100) / total',
            'why': "'no whole number of so many people is this percentage'",
        },
        {
            'rule': 'narrow_for_events', 'columns': ['rate_low', 'rate_high', 'events'],
            'found': 'log_rate_se_most < 0.7 / sqrt(nullif(events, 0))',
            'printed': rate_interval ~ " || ' from ' || events_printed || "
                ~ agreeing('events', "' event'", "' events'"),
            'low': '1 / sqrt(events)', 'high': 'null',
            'why': "'so few events leave an SE of the logarithm of at least ' || " ~ show('1 / sqrt(events)'),
        },
        {
            'rule': 'narrow_for_n', 'columns': ['percent_low', 'percent_high', 'total'],
            'found': narrow,
            'printed': interval ~ " || ' of ' || total_printed || "
                ~ agreeing('total', "' participant'", "' participants'"),
            'low': 'least_se', 'high': 'null',
            'why': "'so few participants leave an SE of at least ' || " ~ show('least_se'),
        },
    ]) }}
{% endmacro %}


{% macro rate_repairs() %}
    {%- set all = rate_numbers()['rounded'] -%}
    {%- set repairs = [swapped('percent_low', 'percent_high'), swapped('rate_low', 'rate_high')] -%}
    {%- do repairs.append((
        'the percentage is typed as a fraction', {'percent': edited('hundred', 'percent')}
    )) -%}
    {%- do repairs.append(('the percentages are typed as fractions', {
        'percent': edited('hundred', 'percent'), 'percent_low': edited('hundred', 'percent_low'),
        'percent_high': edited('hundred', 'percent_high'),
    })) -%}
    {%- do repairs.append((
        'it is the percentage without the event',
        {'percent': ['100 - percent', '100 - percent_most', '100 - percent_least']}
    )) -%}
    {%- for name, operations in [
        ('rate', ['tenth', 'hundredth', 'thousandth', 'ten', 'hundred', 'thousand']),
        ('percent', ['tenth', 'hundredth', 'thousandth']),
    ] -%}
        {%- for operation in operations -%}
            {%- do repairs.append((column_words()[name] ~ ' is typed in other denominators', {
                name: edited(operation, name), name ~ '_low': edited(operation, name ~ '_low'),
                name ~ '_high': edited(operation, name ~ '_high'),
            })) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for unit in ['months', 'weeks', 'days', 'years'] -%}
        {%- set factor = times_of_unit("'person-" ~ unit ~ "'", 'rate_unit') | trim -%}
        {%- do repairs.append(('the person-time is in ' ~ unit, {'person_time': [
            'person_time * ' ~ factor, 'person_time_least * ' ~ factor,
            'person_time_most * ' ~ factor,
        ]})) -%}
    {%- endfor -%}
    {%- for column in all -%}
        {%- do repairs.extend(digit_slips(column)) -%}
    {%- endfor -%}
    {%- for column in ['events', 'total'] -%}
        {%- do repairs.extend(digit_slips(column, 'whole_tenth')) -%}
    {%- endfor -%}
    {%- for one, other in [
        ('percent', 'percent_low'), ('percent', 'percent_high'), ('events', 'total'),
        ('events', 'percent'), ('n_studies', 'total'), ('rate', 'rate_low'), ('rate', 'rate_high'),
        ('events', 'rate'), ('rate', 'person_time'),
    ] -%}
        {%- do repairs.append(swapped(one, other)) -%}
    {%- endfor -%}
    {%- for column in all + ['events', 'total'] -%}
        {%- do repairs.extend(exchanged_digits(column)) -%}
    {%- endfor -%}
    {{ return(repairs) }}
{% endmacro %}
