{#- Trials: what is derived of the means, SDs, numbers and tests of two arms, their rules, and what
    may have happened to their cells. -#}

{% macro trial_numbers() %}
    {{ return({
        'rounded': [
            'mean_intervention', 'sd_intervention', 'mean_control', 'sd_control',
            'sd_change_intervention', 'sd_change_control', 'reported_g', 'reported_se', 'estimate',
            'p_value', 't_value', 'f_value', 'point_biserial_r',
        ],
        'whole': [
            'n_intervention', 'n_control', 'n_total', 'randomised_intervention',
            'randomised_control', 'n_cases', 'total_intervention', 'total_control',
        ],
    }) }}
{% endmacro %}


{% macro trial_ranges(relation) %}
armed as (
    select
        *,
        n_intervention + n_control - 2 as df,
        sqrt(1 / nullif(n_intervention, 0) + 1 / nullif(n_control, 0)) as spread,
        {%- for end in ['least', 'most'] %}
        sqrt(
            (
                (n_intervention - 1) * {{ greatest_of(['sd_intervention_' ~ end, '0']) }} ** 2
                + (n_control - 1) * {{ greatest_of(['sd_control_' ~ end, '0']) }} ** 2
            ) / nullif(n_intervention + n_control - 2, 0)
        ) as sd_{{ end }},
        {%- endfor %}
        abs(mean_intervention - mean_control) as distance,
        (mean_intervention_most - mean_intervention_least + mean_control_most - mean_control_least)
        / 2 as distance_rounding,
        coalesce(
            reported_g,
            if(coalesce(measure, 'hedges_g') in ('hedges_g', 'cohens_d', 'smd'), estimate, null)
        ) as smd,
        if(reported_g is not null, reported_g_most - reported_g, estimate_most - estimate)
            as smd_rounding,
        if(reported_g is not null, reported_g_printed, estimate_printed) as smd_printed
    from {{ relation }}
),

-- Between Hedges' g and Cohen's d: at most a quarter smaller, in the smallest of trials.
derived as (
    select
        *,
        (1 - 3 / (4 * {{ greatest_of(['df', '2']) }} - 1)) as correction,
        correction * {{ greatest_of(['distance - distance_rounding', '0']) }} / nullif(sd_most, 0) as d_least,
        (distance + distance_rounding) / nullif(sd_least, 0) as d_most,
        {{ greatest_of(['abs(smd) - smd_rounding', '0']) }} as smd_least,
        abs(smd) + smd_rounding as smd_most,
        {{ greatest_of(['abs(t_value) - (t_value_most - t_value)', '0']) }} as t_least,
        abs(t_value) + (t_value_most - t_value) as t_most,
        sqrt(spread ** 2 + smd ** 2 / (2 * nullif(n_intervention + n_control, 0))) as usual_se
    from armed
)
{% endmacro %}


{#- Further apart than both a factor and, in SMDs, a distance. -#}
{% macro is_apart(least, most, other_least, other_most, factor=1.15, distance=0.05) -%}
    ({{ least }} > {{ factor }} * {{ other_most }} and {{ least }} - {{ other_most }} > {{ distance }}
    or {{ other_least }} > {{ factor }} * {{ most }} and {{ other_least }} - {{ most }} > {{ distance }})
{%- endmacro %}


{% macro trial_checks() %}
    {%- set n = ['n_intervention', 'n_control'] -%}
    {%- set means = ['mean_intervention', 'sd_intervention', 'mean_control', 'sd_control'] -%}
    {%- set arms = "mean_intervention_printed || ' (' || sd_intervention_printed || ', n ' || "
        ~ "coalesce(n_intervention_printed, '?') || ') against ' || mean_control_printed || ' (' "
        ~ "|| sd_control_printed || ', n ' || coalesce(n_control_printed, '?') || ')'" -%}
    {%- set cell = "if(reported_g is not null, 'reported_g', 'estimate')" -%}
    {%- set no = 'null' -%}
    {{ return([
        {
            'rule': 'sd_not_positive', 'columns': ['sd_intervention', 'sd_control'],
            'found': least_known(['sd_intervention', 'sd_control']) ~ ' = 0',
            'printed': arms, 'low': '0', 'high': no,
            'why': "'an SD of 0: everyone has the same score, or it was not printed'",
        },
        {
            'rule': 'sds_of_unlike_size', 'columns': ['sd_intervention', 'sd_control'],
            'found': least_of(['sd_intervention', 'sd_control']) ~ ' > 0 and ' ~ greatest_known([
                'sd_intervention_least / nullif(sd_control_most, 0)',
                'sd_control_least / nullif(sd_intervention_most, 0)',
            ]) ~ ' > 4',
            'printed': arms, 'low': no, 'high': no,
            'why': "'one SD is more than four times the other'",
        },
        {
            'rule': 'beyond_plausible', 'columns': means + n,
            'found': 'd_least > 3', 'printed': arms, 'low': '0', 'high': '3',
            'why': "'the means are ' || " ~ show('d_least') ~ " || ' SDs apart'",
        },
        {
            'rule': 'smd_against_means', 'columns': ['reported_g', 'estimate'] + means + n,
            'found': is_apart('smd_least', 'smd_most', 'd_least', 'd_most'),
            'printed': "'SMD ' || smd_printed || ' beside ' || " ~ arms,
            'low': 'd_least', 'high': 'd_most',
            'why': "'means and SDs give an SMD of ' || " ~ show('distance / sd_most'),
        },
        {
            'rule': 'smd_against_t', 'columns': ['reported_g', 'estimate', 't_value'] + n,
            'found': is_apart('smd_least', 'smd_most', 'correction * t_least * spread',
                't_most * spread'),
            'printed': "'SMD ' || smd_printed || ' beside t ' || t_value_printed",
            'low': 'correction * t_least * spread', 'high': 't_most * spread',
            'why': "'t and the numbers of the arms give an SMD of ' || "
                ~ show('abs(t_value) * spread'),
        },
        {
            'rule': 't_against_means', 'columns': ['t_value'] + means + n,
            'found': is_apart('t_least', 't_most', 'd_least / correction / spread',
                'd_most / spread', '1.25', '0.3'),
            'printed': "'t ' || t_value_printed || ' beside ' || " ~ arms,
            'low': 'd_least / correction / spread', 'high': 'd_most / spread',
            'why': "'means, SDs and numbers give a t of ' || " ~ show('distance / sd_most / spread'),
        },
        {
            'rule': 't_against_f', 'columns': ['t_value', 'f_value'],
            'found': is_apart('t_least ** 2', 't_most ** 2', 'f_value_least', 'f_value_most', '1.02',
                '0.02'),
            'printed': "'t ' || t_value_printed || ' with F ' || f_value_printed",
            'low': 'sqrt(f_value_least)', 'high': 'sqrt(f_value_most)',
            'why': "'F of two groups is the square of t'",
        },
        {
            'rule': 'p_against_test', 'columns': ['p_value', 't_value', 'f_value'] + n,
            'found': gap(
                'if(p_value <= ' ~ least_p() ~ ', 0, ' ~ greatest_of(['p_value_least', '0']) ~ ')',
                greatest_of(['p_value_most', least_p()]),
                'p_from_t(coalesce(t_most, sqrt(f_value_most)), df)',
                'p_from_t(coalesce(t_least, sqrt(f_value_least)), df)') ~ ' > 2',
            'printed': "concat_ws(' ', 'P', p_value_printed, 'beside t ' || t_value_printed, "
                ~ "'F ' || f_value_printed)",
            'low': 'p_from_t(coalesce(t_most, sqrt(f_value_most)), df)',
            'high': 'p_from_t(coalesce(t_least, sqrt(f_value_least)), df)',
            'why': "'the test gives P ' || "
                ~ show_small_p('p_from_t(coalesce(abs(t_value), sqrt(f_value)), df)'),
        },
        {
            'rule': 'se_against_n', 'columns': ['reported_se', 'reported_g'] + n,
            'found': 'reported_g is not null and (reported_se_least > 1.6 * usual_se '
                ~ 'or reported_se_most < 0.65 * usual_se)',
            'printed': "'SE ' || reported_se_printed || ' of SMD ' || reported_g_printed "
                ~ "|| ' with ' || n_intervention_printed || ' and ' || n_control_printed",
            'low': '0.65 * usual_se', 'high': '1.6 * usual_se',
            'why': "'an SMD of so many participants has an SE of about ' || " ~ show('usual_se'),
        },
        {
            'rule': 'more_analysed_than_randomised',
            'columns': n + ['randomised_intervention', 'randomised_control'],
            'found': greatest_known([
                'n_intervention - randomised_intervention', 'n_control - randomised_control',
            ]) ~ ' > 0',
            'printed': "concat_ws(' and ', n_intervention_printed || ' of ' || "
                ~ "randomised_intervention_printed, n_control_printed || ' of ' || "
                ~ "randomised_control_printed)",
            'low': no, 'high': no, 'why': "'more are analysed than were randomised'",
        },
        {
            'rule': 'more_analysed_than_randomised',
            'columns': [
                'total_intervention', 'total_control', 'randomised_intervention', 'randomised_control',
            ],
            'found': greatest_known([
                'total_intervention - randomised_intervention',
                'total_control - randomised_control',
            ]) ~ ' > 0',
            'printed': "concat_ws(' and ', total_intervention_printed || ' of ' || "
                ~ "randomised_intervention_printed, total_control_printed || ' of ' || "
                ~ "randomised_control_printed)",
            'low': no, 'high': no, 'why': "'events are counted of more than were randomised'",
        },
        {
            'rule': 'beyond_possible', 'columns': ['point_biserial_r'],
            'found': least_of(['abs(point_biserial_r_least)', 'abs(point_biserial_r_most)']) ~ ' > 1',
            'printed': "'r ' || point_biserial_r_printed", 'low': '-1', 'high': '1',
            'why': "'a correlation lies between -1 and 1'",
        },
        {
            'rule': 'arms_alike', 'columns': means,
            'found': 'mean_intervention_printed = mean_control_printed '
                ~ 'and sd_intervention_printed = sd_control_printed',
            'printed': arms, 'low': no, 'high': no,
            'why': "'both arms have the same mean and SD'",
        },
    ]) }}
{% endmacro %}


{% macro trial_repairs() %}
    {%- set words = column_words() -%}
    {%- set repairs = [] -%}
    {%- for arms in [['intervention'], ['control'], ['intervention', 'control']] -%}
        {%- set edits = {} -%}
        {%- for arm in arms -%}
            {%- set by = ' * sqrt(n_' ~ arm ~ ')' -%}
            {%- set sd = 'sd_' ~ arm -%}
            {%- do edits.update({sd: [sd ~ by, sd ~ '_least' ~ by, sd ~ '_most' ~ by]}) -%}
        {%- endfor -%}
        {%- set whose = 'of both arms' if arms | length == 2
            else 'of the studied arm' if arms[0] == 'intervention' else 'of the comparison arm' -%}
        {%- do repairs.append(('the SD ' ~ whose ~ ' is a standard error', edits)) -%}
        {%- set edits = {} -%}
        {%- for arm in arms -%}
            {%- do edits.update({'sd_' ~ arm: edited('root', 'sd_' ~ arm)}) -%}
        {%- endfor -%}
        {%- do repairs.append(('the SD ' ~ whose ~ ' is a variance', edits)) -%}
    {%- endfor -%}
    {%- do repairs.append(('the standard error is its square, the variance',
                           {'reported_se': edited('root', 'reported_se')})) -%}
    {%- for column in ['mean_intervention', 'mean_control', 'reported_g', 't_value'] -%}
        {%- do repairs.append(('a minus is lost or too many in ' ~ words[column],
                               {column: edited('negated', column)})) -%}
    {%- endfor -%}
    {%- do repairs.append(('F is typed as t', {
        't_value': ['sqrt(abs(t_value))', 'sqrt(' ~ greatest_of(['t_value_least', '0']) ~ ')', 'sqrt(t_value_most)'],
    })) -%}
    {%- for column in ['mean_intervention', 'mean_control', 'sd_intervention', 'sd_control',
                       'reported_g', 'reported_se', 'estimate', 't_value', 'f_value', 'p_value'] -%}
        {%- do repairs.extend(digit_slips(column)) -%}
    {%- endfor -%}
    {%- for column in ['n_intervention', 'n_control'] -%}
        {%- do repairs.extend(digit_slips(column, 'whole_tenth')) -%}
    {%- endfor -%}
    {%- for one, other in [
        ('mean_intervention', 'sd_intervention'), ('mean_control', 'sd_control'),
        ('sd_intervention', 'n_intervention'), ('sd_control', 'n_control'),
        ('sd_intervention', 'sd_control'), ('n_intervention', 'n_control'),
        ('n_intervention', 'randomised_intervention'), ('n_control', 'randomised_control'),
        ('reported_g', 'reported_se'), ('t_value', 'p_value'),
    ] -%}
        {%- do repairs.append(swapped(one, other)) -%}
    {%- endfor -%}
    {%- for column in ['mean_intervention', 'mean_control', 'sd_intervention', 'sd_control',
                       'reported_g', 'reported_se', 't_value', 'f_value', 'n_intervention',
                       'n_control'] -%}
        {%- do repairs.extend(exchanged_digits(column)) -%}
    {%- endfor -%}
    {{ return(repairs) }}
{% endmacro %}
