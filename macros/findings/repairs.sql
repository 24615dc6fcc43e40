{#- What may have happened to the cells of a row: after each, the numbers of the row are compared
    again. The likeliest first. `edits`: by column the new number with its range. -#}

{% macro edited(operation, column, other=none) %}
    {%- set least, most = column ~ '_least', column ~ '_most' -%}
    {%- set from = other or column -%}
    {%- set is_ratio = "measure_family in ('ratio', 'ratio_of_means')" -%}
    {%- set templates = {
        'negated': '-{v}', 'swapped': '{v}', 'ten': '10 * {v}', 'tenth': '{v} / 10',
        'hundred': '100 * {v}', 'hundredth': '{v} / 100',
        'thousand': '1000 * {v}', 'thousandth': '{v} / 1000',
        'swapped_whole': 'if({v} % 1 = 0, {v}, null)', 'whole_tenth': 'if({v} % 10 = 0, {v} / 10, null)',
        'log': "if(drawn_as != 'exp' and " ~ is_ratio ~ ' and {v} > 0, ln({v}), null)',
        'exp': "if(drawn_as = 'exp' and " ~ is_ratio ~ ' and {v} < 20, exp({v}), null)',
        'root': 'if({v} >= 0, sqrt({v}), null)',
        'square': '{v} ** 2', 'of_log': '{v} / nullif(estimate, 0)',
        'of_mean': '{v} / sqrt(coalesce(n_total, n_intervention + n_control))', 'half_width': '{v} / 1.96',
    } -%}
    {%- if operation == 'exchanged' -%}
        {{ return([
            'exchanged', 'exchanged - (' ~ column ~ ' - ' ~ least ~ ')',
            'exchanged + (' ~ most ~ ' - ' ~ column ~ ')',
        ]) }}
    {%- endif -%}
    {%- if operation == 'swapped' and column in whole_numbers() -%}
        {%- set operation = 'swapped_whole' -%}
    {%- endif -%}
    {%- set ends = ['_most', '_least'] if operation == 'negated' else ['_least', '_most'] -%}
    {%- set template = templates[operation] -%}
    {{ return([
        template | replace('{v}', from), template | replace('{v}', from ~ ends[0]),
        template | replace('{v}', from ~ ends[1]),
    ]) }}
{% endmacro %}


{% macro whole_numbers() %}
    {{ return(
        result_numbers()['whole'] + rate_numbers()['whole'] + trial_numbers()['whole']
    ) }}
{% endmacro %}


{#- The number in a column with its digit at a place, counted from 0, and the next one exchanged;
    NULL where that changes nothing, and without a place. -#}
{% macro exchanged_number(column, place, repairs) -%}
    {%- set columns = [] -%}
    {%- for _, edits in repairs if (edits.values() | first) | length == 4 -%}
        {%- do columns.append(edits | first) if edits | first not in columns -%}
    {%- endfor -%}
    {%- set text -%}
        case {{ column }}{% for name in columns %} when '{{ name }}' then {{ name }}_printed{% endfor %} end
    {%- endset -%}
    case {{ place }}
        {%- for digit in range(4) %}
        when {{ digit }} then {{ transposed(text, digit) }}
        {%- endfor %}
    end
{%- endmacro %}


{#- The number with two neighbouring digits exchanged; NULL where that changes nothing. -#}
{% macro transposed(text, place) -%}
    try_cast(nullif(
        regexp_replace(
            {{ text }}, '^([^0-9]*(?:[0-9][^0-9]*){% raw %}{{% endraw %}{{ place }}{% raw %}}{% endraw %})([0-9])([^0-9]*)([0-9])', '\1\4\3\2'
        ),
        {{ text }}
    ) as double)
{%- endmacro %}


{% macro column_words() %}
    {{ return({
        'estimate': 'the estimate', 'ci_low': 'the lower limit', 'ci_high': 'the upper limit',
        'se': 'the standard error', 'p_value': 'P', 'n_comparisons': 'the number of comparisons',
        'n_total': 'the number of participants', 'i2': 'I²', 'q': 'Q', 'tau2': 'τ²',
        'pi_low': 'the lower limit of the prediction', 'ci_level': 'the level',
        'pi_high': 'the upper limit of the prediction', 'egger_p': 'P of small-study effects',
        'n_intervention': 'the number in the studied arm', 'n_significant': 'the number significant',
        'n_control': 'the number in the comparison arm', 'n_cases': 'the number of cases',
        'mean_intervention': 'the mean of the studied arm', 'reported_g': 'the reported SMD',
        'mean_control': 'the mean of the comparison arm', 't_value': 't', 'f_value': 'F',
        'sd_intervention': 'the SD of the studied arm', 'events': 'the number of events',
        'sd_control': 'the SD of the comparison arm', 'total': 'the number of participants',
        'reported_se': 'the standard error of the reported SMD',
        'randomised_intervention': 'the number randomised to the studied arm',
        'randomised_control': 'the number randomised to the comparison arm',
        'percent': 'the percentage', 'percent_low': 'the lower limit',
        'rate': 'the rate', 'rate_low': 'the lower limit', 'rate_high': 'the upper limit',
        'person_time': 'the person-time',
        'percent_high': 'the upper limit', 'n_studies': 'the number of studies',
    }) }}
{% endmacro %}


{% macro digit_slips(column, tenth='tenth') %}
    {%- set words = column_words()[column] -%}
    {%- set slip = 'a digit slip: the point of ' ~ words ~ ' is one place too far ' -%}
    {{ return([
        (slip ~ 'right', {column: edited(tenth, column)}),
        (slip ~ 'left', {column: edited('ten', column)}),
    ]) }}
{% endmacro %}


{% macro exchanged_digits(column) %}
    {%- set repairs = [] -%}
    {%- for place in range(4) -%}
        {%- do repairs.append(('two digits of ' ~ column_words()[column] ~ ' are exchanged',
                               {column: edited('exchanged', column) + [place]})) -%}
    {%- endfor -%}
    {{ return(repairs) }}
{% endmacro %}


{% macro swapped(one, other) %}
    {%- set words = column_words() -%}
    {{ return((words[one] ~ ' and ' ~ words[other] ~ ' are swapped', {
        one: edited('swapped', one, other), other: edited('swapped', other, one),
    })) }}
{% endmacro %}


{% macro result_repairs() %}
    {%- set words = column_words() -%}
    {%- set bounds = ['ci_low', 'ci_high'] -%}
    {%- set repairs = [] -%}
    {%- for column in ['ci_low', 'ci_high', 'estimate'] -%}
        {%- do repairs.append(('a minus is lost or too many in ' ~ words[column],
                               {column: edited('negated', column)})) -%}
    {%- endfor -%}
    {%- do repairs.append(('the limits are swapped', {
        'ci_low': edited('swapped', 'ci_low', 'ci_high'),
        'ci_high': edited('swapped', 'ci_high', 'ci_low'),
    })) -%}
    {%- do repairs.append(('the signs of both limits are reversed', {
        'ci_low': edited('negated', 'ci_low', 'ci_high'),
        'ci_high': edited('negated', 'ci_high', 'ci_low'),
    })) -%}
    {%- do repairs.append(('both limits lost their minus', {
        'ci_low': edited('negated', 'ci_low'), 'ci_high': edited('negated', 'ci_high'),
    })) -%}
    {%- do repairs.append(('I² is typed as a fraction', {'i2': edited('hundred', 'i2')})) -%}
    {%- do repairs.append(('the standard error is its square, the variance',
                           {'se': edited('root', 'se')})) -%}
    {%- do repairs.append(('the standard error is a standard deviation',
                           {'se': edited('of_mean', 'se')})) -%}
    {%- do repairs.append(('the standard error is of the ratio, not of its logarithm',
                           {'se': edited('of_log', 'se')})) -%}
    {%- do repairs.append(('the standard error is half the width of an interval',
                           {'se': edited('half_width', 'se')})) -%}
    {%- for column in ['estimate', 'ci_low', 'ci_high', 'se', 'p_value', 'i2', 'q', 'tau2',
                       'pi_low', 'pi_high', 'egger_p'] -%}
        {%- do repairs.extend(digit_slips(column)) -%}
    {%- endfor -%}
    {%- for one, other in [('estimate', 'ci_low'), ('estimate', 'ci_high'), ('se', 'p_value'),
                           ('n_comparisons', 'n_total'), ('i2', 'q'), ('i2', 'tau2'),
                           ('n_intervention', 'n_control'), ('estimate', 'se'),
                           ('n_total', 'n_intervention'), ('n_cases', 'n_total'),
                           ('n_significant', 'n_comparisons'), ('n_comparisons', 'i2')] -%}
        {%- do repairs.append(swapped(one, other)) -%}
    {%- endfor -%}
    {%- for column in ['n_total', 'n_comparisons', 'n_intervention', 'n_control', 'n_cases'] -%}
        {%- do repairs.extend(digit_slips(column, 'whole_tenth')) -%}
    {%- endfor -%}
    {%- do repairs.append(('the limits are those of the logarithm', {
        'ci_low': edited('exp', 'ci_low'), 'ci_high': edited('exp', 'ci_high'),
    })) -%}
    {%- do repairs.append(('the estimate is a logarithm', {'estimate': edited('exp', 'estimate')})) -%}
    {%- do repairs.append(('the limits are those of the ratio, not of its logarithm', {
        'ci_low': edited('log', 'ci_low'), 'ci_high': edited('log', 'ci_high'),
    })) -%}
    {%- do repairs.append(('the estimate is the ratio, not its logarithm',
                           {'estimate': edited('log', 'estimate')})) -%}
    {%- for operation, kind in [('exp', 'logarithms'), ('log', 'ratios, not logarithms')] -%}
        {%- do repairs.append(('estimate and limits are ' ~ kind, {
            'estimate': edited(operation, 'estimate'), 'ci_low': edited(operation, 'ci_low'),
            'ci_high': edited(operation, 'ci_high'),
        })) -%}
    {%- endfor -%}
    {%- for operation, kind in [('hundredth', 'percentages'), ('hundred', 'fractions')] -%}
        {%- do repairs.append(('estimate and limits are ' ~ kind, {
            'estimate': edited(operation, 'estimate'), 'ci_low': edited(operation, 'ci_low'),
            'ci_high': edited(operation, 'ci_high'),
        })) -%}
    {%- endfor -%}
    {%- for column in ['ci_low', 'ci_high', 'estimate', 'se', 'p_value', 'i2', 'q', 'n_total',
                       'n_comparisons', 'n_intervention', 'n_control', 'pi_low', 'pi_high'] -%}
        {%- do repairs.extend(exchanged_digits(column)) -%}
    {%- endfor -%}
    {%- for level in ['0.9', '0.99'] -%}
        {%- do repairs.append(('the limits are those of another level',
                               {'ci_level': [level, level, level]})) -%}
    {%- endfor -%}
    {{ return(repairs) }}
{% endmacro %}


{#- The rows of a relation after each repair: the columns of the relation with the numbers changed,
    and `place`, the number of the repair. `touches` names a column with the columns in question. -#}
{% macro repaired(relation, repairs, touches) %}
repairs as (
    select
        unnest(range(1, {{ repairs | length }} + 1)) as place,
        unnest([
            {%- for _, edits in repairs %}
            ['{{ edits | join("', '") }}']{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as edited_columns,
        unnest([
            {%- for _, edits in repairs %}
            {{ (edits.values() | first)[3] | default('null') }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as digit
),

tried as (
    select
        {{ relation }}.*,
        repairs.place,
        {{ exchanged_number('repairs.edited_columns[1]', 'repairs.digit', repairs) }} as exchanged
    from {{ relation }}
    inner join repairs
        on list_has_any({{ touches }}, repairs.edited_columns)
),

repaired as (
    select
        tried.* replace (
            {%- set columns = [] %}
            {%- for _, edits in repairs %}
            {%- for column in edits if column not in columns %}
            {%- do columns.append(column) %}
            {%- endfor %}
            {%- endfor %}
            {%- for column in columns %}
            {%- set is_last = loop.last %}
            {%- for ending in ['', '_least', '_most'] %}
            {%- set place_of_ending = loop.index0 %}
            case place
                {%- for _, edits in repairs %}
                {%- if column in edits %}
                when {{ loop.index }} then {{ edits[column][place_of_ending] }}
                {%- endif %}
                {%- endfor %}
                else {{ column }}{{ ending }}
            end as {{ column }}{{ ending }}{{ ',' if not (is_last and loop.last) }}
            {%- endfor %}
            {%- endfor %}
        ),
        {%- for column in columns %}
        tried.{{ column }} as {{ column }}_before{{ ',' if not loop.last }}
        {%- endfor %}
    from tried
)
{% endmacro %}


{#- Which rules no longer find anything after a repair that makes no other find something. A rule
    that can no longer look is not content. -#}
{% macro mended(relation, checks, repairs, keys) %}
words_of_repairs as (
    select
        unnest(range(1, {{ repairs | length }} + 1)) as place,
        unnest([
            {%- for words, _ in repairs %}
            {{ sql_text(words) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as words,
        unnest([
            {%- for _, edits in repairs %}
            ['{{ edits | join("', '") }}']{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as edited_columns
),

after as (
    select
        {{ keys | join(', ') }},
        place,
        answers_before,
        {{ rule_answers(checks) }} as answers,
        case place
            {%- for _, edits in repairs %}
            when {{ loop.index }} then {{ edits.keys() | first }}
            {%- endfor %}
        end as new_value,
        case place
            {%- for _, edits in repairs %}
            when {{ loop.index }} then {{ edits.keys() | first }}_before
            {%- endfor %}
        end as old_value
    from {{ relation }}
),

mended as (
    select
        {{ keys | join(', ') }},
        after.place,
        after.new_value,
        words_of_repairs.words || ': ' || {{ show('after.new_value') }} as words,
        words_of_repairs.edited_columns,
        list_filter(
            range(1, {{ checks | length }} + 1),
            lambda i: answers_before[i] and answers[i] = false
        ) as mended_checks
    from after
    inner join words_of_repairs on after.place = words_of_repairs.place
    where
        after.new_value != after.old_value
        and len(mended_checks) > 0
        and len(list_filter(
            range(1, {{ checks | length }} + 1),
            lambda i: coalesce(answers[i], false) and not coalesce(answers_before[i], false)
        )) = 0
)
{% endmacro %}
