{#- Quantities that a row is compared by with the others of its group. Sizes, widths and standard
    deviations are taken by their logarithms. `least` is the least spread that a review is taken to
    have: where all are nearly equal, the next is not odd for being twice as large. `least_far` is
    that of numbers that stop a publication: sizes of studies differ by hundreds within one field.
    `table` has the columns sheet, row_number, row_id and those that the expressions name. -#}

{% macro across_quantities() %}
    {%- set quantities = [] -%}
    {%- set comparable = "scale != 'mean_difference' and not " ~ is_of_rates('scale') -%}
    {% do quantities.append({
        'name': 'effect', 'least': 0.1, 'least_far': 0.2, 'table': 'numbers', 'where': comparable,
        'value': 'y', 'error': 'se', 'group': ['condition', 'outcome', 'scale'],
        'columns': 'columns', 'printed': 'printed', 'unit': 'none',
        'why': 'the effect is far from those of the other rows on this condition and outcome',
    }) %}
    {% do quantities.append({
        'name': 'effect in its source', 'least': 0.1, 'least_far': 0.2,
        'table': 'numbers', 'where': comparable,
        'value': 'y', 'error': 'se',
        'group': ['meta_analysis_id', 'outcome', 'scale', 'is_against_active'],
        'columns': 'columns', 'printed': 'printed', 'unit': 'none',
        'why': 'the effect is far from the others of the same source',
    }) %}
    {% do quantities.append({
        'name': 'effect on its outcome', 'least': 0.1, 'least_far': 0.2,
        'table': 'numbers', 'where': comparable,
        'value': 'y', 'error': 'se', 'group': ['outcome', 'family'],
        'columns': 'columns', 'printed': 'printed', 'unit': 'none',
        'why': 'the effect is far from those on this outcome, of any condition',
    }) %}
    {% do quantities.append({
        'name': 'percentage', 'least': 0.3, 'least_far': 0.6,
        'table': 'numbers', 'where': "scale = 'logit'",
        'value': 'y', 'error': '0', 'group': ['outcome', 'scale'],
        'columns': "'percent'", 'printed': 'printed', 'unit': 'percent',
        'why': 'the percentage is far from the others of this outcome',
    }) %}
    {% do quantities.append({
        'name': 'incidence rate', 'least': 0.3, 'least_far': 0.6, 'table': 'numbers',
        'where': "scale = 'log_incidence_rate'", 'value': 'y', 'error': '0',
        'group': ['outcome', 'scale'], 'columns': "'rate, rate_unit'", 'printed': 'printed',
        'unit': 'exp', 'why': 'the rate, per person-year, is far from the others of this outcome',
    }) %}
    {% do quantities.append({
        'name': 'width for n', 'least': 0.2, 'least_far': 0.4, 'table': 'numbers',
        'where': 'n > 0 and se > 0 and ' ~ comparable,
        'value': 'ln(se * sqrt(n))', 'error': '0', 'group': ['scale'],
        'columns': width_columns('n_total'), 'printed': "concat_ws(' ', printed, 'n', n)",
        'unit': 'none',
        'why': 'the interval is unusually wide or narrow for so many participants',
    }) %}
    {% do quantities.append({
        'name': 'width for k', 'least': 0.2, 'least_far': 0.4, 'table': 'numbers',
        'where': 'k > 0 and se > 0 and ' ~ comparable,
        'value': 'ln(se * sqrt(k))', 'error': '0', 'group': ['scale'],
        'columns': width_columns('n_comparisons'), 'printed': "concat_ws(' ', printed, 'k', k)",
        'unit': 'none',
        'why': 'the interval is unusually wide or narrow for so many studies',
    }) %}
    {% do quantities.append({
        'name': 'width', 'least': 0.2, 'least_far': 0.4,
        'table': 'numbers', 'where': 'se > 0 and ' ~ comparable,
        'value': 'ln(se)', 'error': '0', 'group': ['scale'],
        'columns': width_columns(none), 'printed': 'printed', 'unit': 'none',
        'why': 'the interval is unusually wide or narrow',
    }) %}
    {% do quantities.append({
        'name': 'width in its source', 'least': 0.2, 'least_far': 0.4, 'table': 'numbers',
        'where': 'se > 0 and ' ~ comparable,
        'value': 'ln(se)', 'error': '0', 'group': ['meta_analysis_id', 'unit'],
        'columns': width_columns(none), 'printed': 'printed', 'unit': 'none',
        'why': 'the interval is unusually wide or narrow for this source',
    }) %}
    {% do quantities.append({
        'name': 'width of a percentage', 'least': 0.15, 'least_far': 0.4, 'table': 'numbers',
        'where': "k > 0 and se > 0 and scale = 'logit'",
        'value': 'ln(se * sqrt(k))', 'error': '0', 'group': ['outcome'],
        'columns': "'percent, percent_low, percent_high, n_studies'",
        'printed': "concat_ws(' ', printed, 'k', k)", 'unit': 'none',
        'why': 'the interval is unusually wide or narrow for so many studies',
    }) %}
    {% do quantities.append({
        'name': 'width of an incidence rate', 'least': 0.2, 'least_far': 0.4, 'table': 'numbers',
        'where': "k > 0 and se > 0 and scale = 'log_incidence_rate'",
        'value': 'ln(se * sqrt(k))', 'error': '0', 'group': ['outcome'],
        'columns': "'rate, rate_low, rate_high, n_studies'",
        'printed': "concat_ws(' ', printed, 'k', k)", 'unit': 'none',
        'why': 'the interval is unusually wide or narrow for so many studies',
    }) %}
    {#- The standard deviation of an instrument, which another unit or a standardised difference
        would not give. -#}
    {% do quantities.append({
        'name': 'width for n of differences', 'least': 0.2, 'least_far': 0.4, 'table': 'numbers',
        'where': "n > 0 and se > 0 and scale = 'mean_difference'",
        'value': 'ln(se * sqrt(n))', 'error': '0', 'group': ['outcome', 'unit'],
        'columns': "concat_ws(', ', 'estimate', " ~ width_columns('n_total') ~ ")",
        'printed': "concat_ws(' ', printed, 'n', n)", 'unit': 'none',
        'why': 'the interval is unusually wide or narrow for so many participants: perhaps another '
            ~ 'unit, or a standardised difference',
    }) %}
    {% do quantities.append({
        'name': 'share of cases', 'least': 0.4, 'least_far': 1, 'table': 'effects',
        'where': 'n_cases > 0 and n_cases < n_total',
        'value': 'ln(n_cases / (n_total - n_cases))', 'error': '0', 'group': ['outcome'],
        'columns': "'n_cases, n_total'", 'printed': "n_cases || ' cases of ' || n_total",
        'unit': 'percent',
        'why': 'the share of cases is far from those of the other rows on this outcome',
    }) %}
    {% do quantities.append({
        'name': 'person-time per study', 'least': 0.4, 'least_far': 1, 'table': 'rates',
        'where': 'person_time > 0 and n_studies > 0',
        'value': 'ln(person_time * ' ~ years_of_time('rate_unit') ~ ' / n_studies)', 'error': '0',
        'group': [], 'columns': "'person_time, rate_unit, n_studies'",
        'printed': "person_time || ' of ' || " ~ counted('n_studies', "'study'", "'studies'"),
        'unit': 'none', 'why': 'the studies would be unusually large or small',
    }) %}
    {% for table, k, n in [
        ('effects', 'n_comparisons', 'n_total'), ('rates', 'n_studies', 'total'),
        ('meta_analyses', 'n_trials', 'n_participants'),
    ] %}
        {% do quantities.append({
            'name': 'participants per study of ' ~ table, 'least': 0.4, 'least_far': 1,
            'table': table,
            'where': k ~ ' > 0 and ' ~ n ~ ' > 0', 'value': 'ln(' ~ n ~ ' / ' ~ k ~ ')',
            'error': '0', 'group': [], 'columns': "'" ~ k ~ ', ' ~ n ~ "'",
            'printed': counted(n, "'participant'", "'participants'") ~ " || ' of ' || "
                ~ counted(k, "'study'", "'studies'"), 'unit': 'none',
            'why': 'the studies would be unusually large or small',
        }) %}
        {% for column, one, what in [(k, 'study', 'studies'), (n, 'participant', 'participants')] %}
            {% do quantities.append({
                'name': column ~ ' of ' ~ table, 'least': 0.4, 'least_far': 1, 'table': table,
                'where': column ~ ' > 0',
                'value': 'ln(' ~ column ~ ')', 'error': '0', 'group': [],
                'columns': "'" ~ column ~ "'", 'printed': counted(column, "'" ~ one ~ "'", "'" ~ what ~ "'"),
                'unit': 'exp', 'why': 'an unusual number of ' ~ what,
            }) %}
        {% endfor %}
    {% endfor %}
    {% do quantities.append({
        'name': 'months', 'least': 0.4, 'least_far': 1,
        'table': 'effects', 'where': 'follow_up_months > 0',
        'value': 'ln(follow_up_months)', 'error': '0', 'group': [],
        'columns': "'follow_up_months'", 'printed': counted('follow_up_months', "'month'", "'months'"), 'unit': 'exp',
        'why': 'an unusually long or short time of follow-up',
    }) %}
    {% for arm in ['intervention', 'control'] %}
        {% for cell in ['mean', 'sd'] %}
            {% set column = cell ~ '_' ~ arm %}
            {% do quantities.append({
                'name': column, 'least': 0.2, 'least_far': 0.25,
                'table': 'trials', 'where': column ~ ' > 0',
                'value': 'ln(' ~ column ~ ')', 'error': '0',
                'group': ['source', 'outcome', 'instrument'], 'columns': "'" ~ column ~ "'",
                'printed': "study || ' ' || " ~ column, 'unit': 'exp',
                'why': 'unlike the same cell of the other trials of this source',
            }) %}
        {% endfor %}
    {% endfor %}
    {% for arm in ['intervention', 'control'] %}
        {% do quantities.append({
            'name': 'mean in standard deviations ' ~ arm, 'least': 0.3, 'least_far': 0.6,
            'table': 'trials', 'where': 'sd_' ~ arm ~ ' > 0 and mean_' ~ arm ~ ' is not null',
            'value': 'mean_' ~ arm ~ ' / sd_' ~ arm, 'error': '0',
            'group': ['source', 'outcome', 'instrument'],
            'columns': "'mean_" ~ arm ~ ', sd_' ~ arm ~ "'",
            'printed': "study || ' ' || mean_" ~ arm ~ " || ' (' || sd_" ~ arm ~ " || ')'",
            'unit': 'none',
            'why': 'the mean is far from those of the other trials of this source: perhaps a change',
        }) %}
    {% endfor %}
    {% for arm in ['intervention', 'control'] %}
        {% set events, total = 'events_' ~ arm, 'total_' ~ arm %}
        {% set others = '(' ~ total ~ ' - ' ~ events ~ ' + 0.5)' %}
        {% do quantities.append({
            'name': 'share of ' ~ events, 'least': 0.3, 'least_far': 0.6, 'table': 'trials',
            'where': events ~ ' <= ' ~ total,
            'value': 'ln((' ~ events ~ ' + 0.5) / ' ~ others ~ ')',
            'error': 'sqrt(1 / (' ~ events ~ ' + 0.5) + 1 / ' ~ others ~ ')',
            'group': ['source', 'outcome'], 'columns': "'" ~ events ~ ', ' ~ total ~ "'",
            'printed': "study || ' ' || " ~ events ~ " || '/' || " ~ total, 'unit': 'percent',
            'why': 'the share with the event is far from those of the other trials of this source',
        }) %}
    {% endfor %}
    {% do quantities.append({
        'name': 'standard deviations', 'least': 0.1, 'least_far': 0.2, 'table': 'trials',
        'where': 'sd_intervention > 0 and sd_control > 0',
        'value': 'ln(sd_intervention / sd_control)', 'error': '0', 'group': [],
        'columns': "'sd_intervention, sd_control'",
        'printed': "study || ' ' || sd_intervention || ' and ' || sd_control", 'unit': 'none',
        'why': 'the standard deviations of the two arms differ more than usual',
    }) %}
    {% do quantities.append({
        'name': 'participants of the arms', 'least': 0.4, 'least_far': 0.6, 'table': 'trials',
        'where': 'n_intervention > 0 and n_control > 0',
        'value': 'ln(n_intervention / n_control)', 'error': '0', 'group': [],
        'columns': "'n_intervention, n_control'",
        'printed': "study || ' ' || n_intervention || ' and ' || n_control", 'unit': 'none',
        'why': 'the numbers of participants of the two arms differ more than usual',
    }) %}
    {% do quantities.append({
        'name': 'totals of the arms', 'least': 0.4, 'least_far': 0.6, 'table': 'trials',
        'where': 'total_intervention > 0 and total_control > 0',
        'value': 'ln(total_intervention / total_control)', 'error': '0', 'group': [],
        'columns': "'total_intervention, total_control'",
        'printed': "study || ' ' || total_intervention || ' and ' || total_control",
        'unit': 'none',
        'why': 'the numbers of participants of the two arms differ more than usual',
    }) %}
    {{ return(quantities) }}
{% endmacro %}


{% macro width_columns(size) -%}
    if(
        sheet = 'reported_effects', 'ci_low, ci_high, se{{ ', ' ~ size if size }}',
        columns
    )
{%- endmacro %}
