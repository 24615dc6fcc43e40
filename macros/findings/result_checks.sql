{#- What is derived of the printed numbers of a result before its rules look at it. Every number is
    a range: the smallest and largest that would be printed so. -#}
{% macro result_ranges(relation) %}
straightened as (
    select
        *,
        coalesce(ci_level, 0.95) as level,
        coalesce(n_total, n_intervention + n_control) as n_participants,
        case
            when n_comparisons > 1 then n_comparisons - 1
            when n_comparisons = 1 or part like 'trial%' or part = 'largest' then 1e6
            else {{ unknown_df() }}
        end as df,
        measure_family in (
            'smd', 'mean_difference', 'risk_difference', 'ratio', 'ratio_of_means', 'correlation'
        ) as is_symmetric,
        {{ straight('estimate') }} as y,
        {%- for name in ['estimate', 'ci_low', 'ci_high'] %}
        {{ straight(name ~ '_least') }} as {{ name }}_y_least,
        {{ straight(name ~ '_most') }} as {{ name }}_y_most,
        {%- endfor %}
    from {{ relation }}
),

measured as (
    select
        *,
        z_from_p(1 - level) as z_level,
        t_from_p(1 - level, df) as t_level,
        if(ci_low <= ci_high, (ci_high_y_most - ci_low_y_least) / 2, null) as half_most,
        if(
            ci_low <= ci_high,
            {{ greatest_of(['(ci_high_y_least - ci_low_y_most) / 2', '1e-9']) }}, null
        ) as half_least,
        (ci_low_y_least + ci_high_y_least) / 2 as middle_least,
        (ci_low_y_most + ci_high_y_most) / 2 as middle_most,
        {{ greatest_of(['abs(estimate_y_least)', 'abs(estimate_y_most)']) }} as distance_most,
        if(
            estimate_y_least <= 0 and estimate_y_most >= 0, 0,
            {{ least_of(['abs(estimate_y_least)', 'abs(estimate_y_most)']) }}
        ) as distance_least
    from straightened
),

ranged as (
    select
        *,
        half_least / t_level as ci_se_least,
        half_most / z_level as ci_se_most,
        if(is_symmetric, p_from_z(z_level * distance_most / half_least), null) as ci_p_z_least,
        if(is_symmetric, p_from_t(t_level * distance_most / half_least, df), null) as ci_p_t_least,
        if(is_symmetric, p_from_z(z_level * distance_least / half_most), null) as ci_p_z_most,
        if(is_symmetric, p_from_t(t_level * distance_least / half_most, df), null) as ci_p_t_most,
        if(is_symmetric and half_most is null, p_from_z(distance_most / se_least), null)
            as se_p_z_least,
        if(is_symmetric and half_most is null, p_from_t(distance_least / se_most, df), null)
            as se_p_t_most,
        case
            when p_operator = '<' or p_value <= {{ least_p() }} then 0
            when p_operator = '>' then p_value
            else {{ greatest_of(['p_value_least', '0']) }}
        end as p_least,
        case
            when p_operator = '>' then 1
            when p_operator = '<' then {{ greatest_of(['p_value', least_p()]) }}
            else {{ greatest_of(['p_value_most', least_p()]) }}
        end as p_most,
        100 * {{ greatest_of(['0', '1 - (n_comparisons - 1) / ' ~ greatest_of(['q_least', '1e-9'])]) }} as q_i2_least,
        100 * {{ greatest_of(['0', '1 - (n_comparisons - 1) / q_most']) }} as q_i2_most,
        sqrt(least_variance / nullif(n_participants, 0)) as least_se,
        -- Of two groups of one size: the logarithm of a ratio of D events has 1 / a + 1 / b.
        if(
            measure_family = 'ratio' and measure_unit is null and n_cases > 0
            and coalesce(n_cases_operator, '=') in ('=', '<', '<='),
            sqrt(4 / n_cases * {{ greatest_of(['0', 'coalesce(1 - n_cases / n_total, 0.5)']) }}), null
        ) as least_se_of_cases
    from measured
),

derived as (
    select
        *,
        {{ least_of(['ci_p_z_least', 'ci_p_t_least']) }} as ci_p_least,
        {{ greatest_of(['ci_p_z_most', 'ci_p_t_most']) }} as ci_p_most,
        coalesce(ci_se_least, se_least) as any_se_least,
        coalesce(ci_se_most, se_most) as any_se_most,
        {{ gap('p_least', 'p_most', 'ci_p_least', 'ci_p_most') }} as ci_p_gap,
        {{ gap('p_least', 'p_most', 'se_p_z_least', 'se_p_t_most') }} as se_p_gap,
        {{ gap('se_least', 'se_most', 'ci_se_least', 'ci_se_most') }} as se_gap,
        {{ gap(
            'tau2_least', 'tau2_most',
            'i2_least / 100 * n_comparisons * ci_se_least ** 2',
            'i2_most / 100 * n_comparisons * ci_se_most ** 2'
        ) }} as tau2_gap,
        {{ greatest_of(['i2_least - q_i2_most', 'q_i2_least - i2_most']) }} as i2_gap,
        {{ greatest_of(
            ['estimate_y_least - middle_most', 'middle_least - estimate_y_most']
        ) }} / (2 * half_most) as off_centre,
        case
            when ci_low_y_least > 0 or ci_high_y_most < 0 then 'yes'
            when ci_low_y_most < 0 and ci_high_y_least > 0 then 'no'
        end as excludes_null,
        case favourable_direction
            when 'positive' then 1 when 'above_one' then 1
            when 'negative' then -1 when 'below_one' then -1
        end as favourable_sign
    from ranged
)
{% endmacro %}


{#- Degrees of freedom where the number of studies is not printed: an interval may rest on t. -#}
{% macro unknown_df() %}5{% endmacro %}


{#- How many times apart two ranges of positive numbers are: 1 where they meet. -#}
{% macro gap(least, most, other_least, other_most) -%}
    case
        when {{ any_is_null([least, most, other_least, other_most]) }} then null
        when {{ other_least }} > {{ most }} then ({{ other_least }}) / nullif({{ most }}, 0)
        when {{ least }} > {{ other_most }} then ({{ least }}) / {{ greatest_of([other_most, '1e-300']) }}
        else 1
    end
{%- endmacro %}


{#- The rules of a result. found: NULL where the row does not have what the rule looks at. low and
    high: what could be printed in the first of the columns, as far as the others say. -#}
{% macro result_checks() %}
    {%- set interval = "ci_low_printed || ' to ' || ci_high_printed" -%}
    {%- set with_interval = "estimate_printed || ' (' || " ~ interval ~ " || ')'" -%}
    {%- set p = "'P ' || coalesce(p_operator, '=') || ' ' || p_value_printed" -%}
    {%- set is_apart = "{0} > 2 or ({0} > 1.25 and (p_least > 1 - level and {1} < 1 - level "
        ~ "or p_most <= 1 - level and {2} > 1 - level))" -%}
    {%- set p_apart = is_apart.format('ci_p_gap', 'ci_p_most', 'ci_p_least') -%}
    {%- set se_apart = is_apart.format('se_p_gap', 'se_p_t_most', 'se_p_z_least') -%}
    {%- set width = shown_back('y - half_most'), shown_back('y + half_most') -%}
    {{ return([
        {
            'rule': 'limits_in_wrong_order', 'columns': ['ci_low', 'ci_high'],
            'found': 'ci_low > ci_high', 'printed': interval,
            'low': 'ci_low', 'high': 'ci_high',
            'why': "'the lower limit is above the upper one'",
        },
        {
            'rule': 'estimate_outside_interval', 'columns': ['estimate', 'ci_low', 'ci_high'],
            'found': 'ci_low <= ci_high and (estimate_most < ci_low_least '
                ~ 'or estimate_least > ci_high_most)',
            'printed': with_interval, 'low': 'ci_low_least', 'high': 'ci_high_most',
            'why': "'the estimate lies outside its interval'",
        },
        {
            'rule': 'estimate_far_off_centre', 'columns': ['estimate', 'ci_low', 'ci_high'],
            'found': 'is_symmetric and off_centre > 0.12 and estimate_most >= ci_low_least '
                ~ 'and estimate_least <= ci_high_most',
            'printed': with_interval, 'low': width[0], 'high': width[1],
            'why': "'the estimate is far from the middle of its interval'",
        },
        {
            'rule': 'estimate_off_centre', 'columns': ['estimate', 'ci_low', 'ci_high'],
            'found': 'is_symmetric and off_centre > 0.01 and off_centre <= 0.12',
            'printed': with_interval, 'low': width[0], 'high': width[1],
            'why': "'the estimate is not in the middle of its interval'",
        },
        {
            'rule': 'ratio_not_positive', 'columns': ['estimate', 'ci_low', 'ci_high'],
            'found': "drawn_as = 'exp' "
                ~ 'and (' ~ least_known(['estimate_most', 'ci_high_most']) ~ ' <= 0 '
                ~ 'or coalesce(ci_low < 0, false))',
            'printed': "concat_ws(' ', estimate_printed, ci_low_printed, ci_high_printed)",
            'low': '0', 'high': 'null', 'why': "'a ratio is above zero'",
        },
        {
            'rule': 'beyond_possible', 'columns': ['estimate', 'measure'],
            'found': "part != 'prediction' and if(drawn_as = 'tanh', "
                ~ least_of(['abs(estimate_least)', 'abs(estimate_most)'])
                ~ ' > 1, distance_least > possible_limit)',
            'printed': "measure || ' ' || estimate_printed",
            'low': shown_back('-coalesce(possible_limit, 3.8)'),
            'high': shown_back('coalesce(possible_limit, 3.8)'),
            'why': "'no effect on this scale is so large'",
        },
        {
            'rule': 'beyond_plausible', 'columns': ['estimate', 'measure'],
            'found': "part != 'prediction' and (drawn_as != 'exp' or estimate > 0) "
                ~ 'and distance_least > plausible_limit '
                ~ 'and distance_least <= coalesce(possible_limit, distance_least)',
            'printed': "measure || ' ' || estimate_printed",
            'low': shown_back('-plausible_limit'), 'high': shown_back('plausible_limit'),
            'why': "'effects on this scale are hardly ever so large'",
        },
        {
            'rule': 'p_against_interval',
            'columns': ['p_value', 'p_operator', 'estimate', 'ci_low', 'ci_high', 'ci_level'],
            'found': p_apart, 'printed': p ~ " || ' beside ' || " ~ with_interval,
            'low': 'ci_p_least', 'high': 'ci_p_most',
            'why': "'the interval gives ' || " ~ show_p_range('ci_p_least', 'ci_p_most'),
        },
        {
            'rule': 'p_near_interval',
            'columns': ['p_value', 'p_operator', 'estimate', 'ci_low', 'ci_high', 'ci_level'],
            'found': 'ci_p_gap > 1.1 and not (' ~ p_apart ~ ')',
            'printed': p ~ " || ' beside ' || " ~ with_interval,
            'low': 'ci_p_least', 'high': 'ci_p_most',
            'why': "'the interval gives ' || " ~ show_p_range('ci_p_least', 'ci_p_most'),
        },
        {
            'rule': 'se_against_interval', 'columns': ['se', 'ci_low', 'ci_high', 'ci_level'],
            'found': 'is_symmetric and se_gap > 1.25',
            'printed': "'SE ' || se_printed || ' beside ' || " ~ interval,
            'low': 'ci_se_least', 'high': 'ci_se_most',
            'why': "'the interval gives an SE from ' || " ~ show('ci_se_least') ~ " || ' to ' || "
                ~ show('ci_se_most'),
        },
        {
            'rule': 'se_against_p', 'columns': ['se', 'p_value', 'p_operator', 'estimate'],
            'found': se_apart,
            'printed': p ~ " || ' beside ' || estimate_printed || ', SE ' || se_printed",
            'low': 'distance_least / z_from_p(p_least)', 'high': 'distance_most / z_from_p(p_most)',
            'why': "'estimate and SE give ' || " ~ show_p_range('se_p_z_least', 'se_p_t_most'),
        },
        {
            'rule': 'narrow_for_n', 'columns': ['ci_low', 'ci_high', 'se', 'n_total'],
            'found': "any_se_most < least_se * if(drawn_as = 'exp' or measure_family = 'ratio', "
                ~ '0.1, 0.7)',
            'printed': "coalesce(" ~ interval ~ ", 'SE ' || se_printed) || ' of ' || " ~ show('n_participants') ~ ' || '
                ~ agreeing('n_participants', "' participant'", "' participants'"),
            'low': 'least_se', 'high': 'null',
            'why': "'so few participants leave an SE of at least ' || " ~ show('least_se'),
        },
        {
            'rule': 'rather_narrow_for_n', 'columns': ['ci_low', 'ci_high', 'se', 'n_total'],
            'found': "any_se_most < least_se * 0.95 and any_se_most >= least_se * "
                ~ "if(drawn_as = 'exp' or measure_family = 'ratio', 0.1, 0.7)",
            'printed': "coalesce(" ~ interval ~ ", 'SE ' || se_printed) || ' of ' || " ~ show('n_participants') ~ ' || '
                ~ agreeing('n_participants', "' participant'", "' participants'"),
            'low': 'least_se', 'high': 'null',
            'why': "'so few participants leave an SE of at least ' || " ~ show('least_se'),
        },
        {
            'rule': 'narrow_for_cases', 'columns': ['ci_low', 'ci_high', 'se', 'n_cases'],
            'found': 'any_se_most < 0.7 * least_se_of_cases',
            'printed': "coalesce(" ~ interval ~ ", 'SE ' || se_printed) || ' of ' || n_cases_printed || "
                ~ agreeing('n_cases', "' case'", "' cases'"),
            'low': 'least_se_of_cases', 'high': 'null',
            'why': "'so few cases leave an SE of the logarithm of at least ' || " ~ show('least_se_of_cases'),
        },
        {
            'rule': 'wide_for_n', 'columns': ['ci_low', 'ci_high', 'se', 'n_total'],
            'found': "measure_family in ('smd', 'correlation') and plausible_limit is not null and "
                ~ 'coalesce(n_comparisons, 1) * (any_se_least ** 2 - 4 * least_se ** 2) '
                ~ '> (plausible_limit / 2) ** 2',
            'printed': "coalesce(" ~ interval ~ ", 'SE ' || se_printed) || ' of ' || " ~ show('n_participants') ~ ' || '
                ~ agreeing('n_participants', "' participant'", "' participants'"),
            'low': 'null', 'high': 'sqrt(4 * least_se ** 2 + (plausible_limit / 2) ** 2 '
                ~ '/ coalesce(n_comparisons, 1))',
            'why': "'so many participants leave no SE of ' || " ~ show('any_se_least'),
        },
        {
            'rule': 'participants_against_arms',
            'columns': ['n_total', 'n_intervention', 'n_control'],
            'found': 'n_total < n_intervention + n_control',
            'printed': "n_total_printed || ' beside ' || n_intervention_printed || ' and ' || n_control_printed",
            'low': 'n_intervention + n_control', 'high': 'null',
            'why': "'fewer participants than the two arms have'",
        },
        {
            'rule': 'participants_beyond_arms',
            'columns': ['n_total', 'n_intervention', 'n_control'],
            'found': 'n_total > 1.02 * (n_intervention + n_control)',
            'printed': "n_total_printed || ' beside ' || n_intervention_printed || ' and ' || n_control_printed",
            'low': 'n_intervention + n_control', 'high': 'n_intervention + n_control',
            'why': "'more participants than the two arms have'",
        },
        {
            'rule': 'arms_of_unlike_size', 'columns': ['n_intervention', 'n_control'],
            'found': "measure_family = 'smd' and (n_intervention > 5 * n_control "
                ~ 'or n_control > 5 * n_intervention)',
            'printed': "n_intervention_printed || ' and ' || n_control_printed", 'low': 'null', 'high': 'null',
            'why': "'one arm is more than five times the other'",
        },
        {
            'rule': 'more_comparisons_than_pairs', 'columns': ['n_comparisons', 'n_total'],
            'found': '2 * n_comparisons > n_participants',
            'printed': "n_comparisons_printed || "
                ~ agreeing('n_comparisons', "' comparison of '", "' comparisons of '") ~ " || " ~ show('n_participants') ~ ' || '
                ~ agreeing('n_participants', "' participant'", "' participants'"),
            'low': '1', 'high': 'floor(n_participants / 2)',
            'why': "'a comparison needs two participants at least'",
        },
        {
            'rule': 'few_participants_per_comparison', 'columns': ['n_comparisons', 'n_total'],
            'found': 'n_participants < 10 * n_comparisons and 2 * n_comparisons <= n_participants',
            'printed': "n_comparisons_printed || "
                ~ agreeing('n_comparisons', "' comparison of '", "' comparisons of '") ~ " || " ~ show('n_participants') ~ ' || '
                ~ agreeing('n_participants', "' participant'", "' participants'"),
            'low': '1', 'high': 'floor(n_participants / 10)',
            'why': "'fewer than ten participants for each comparison'",
        },
        {
            'rule': 'more_cases_than_participants', 'columns': ['n_cases', 'n_total'],
            'found': "n_cases > n_participants and coalesce(n_cases_operator, '=') != '<'",
            'printed': "n_cases_printed || "
                ~ agreeing('n_cases', "' case of '", "' cases of '") ~ " || " ~ show('n_participants') ~ ' || '
                ~ agreeing('n_participants', "' participant'", "' participants'"),
            'low': '0', 'high': 'n_participants', 'why': "'more cases than participants'",
        },
        {
            'rule': 'counts_against_participants',
            'columns': ['total_intervention', 'total_control', 'n_total'],
            'found': 'total_intervention + total_control > 1.02 * n_total',
            'printed': "total_intervention_printed || ' and ' || total_control_printed || ' of ' || n_total_printed",
            'low': 'null', 'high': 'n_total',
            'why': "'the arms with counts have more participants than there are'",
        },
        {
            'rule': 'i2_far_from_q', 'columns': ['i2', 'q', 'n_comparisons'],
            'found': "coalesce(i2_operator, '=') = '=' and n_comparisons > 1 and i2_gap > 20",
            'printed': "'I² ' || i2_printed || ' with Q ' || q_printed || ' of ' || n_comparisons_printed",
            'low': 'q_i2_least', 'high': 'q_i2_most',
            'why': "'Q and the number of comparisons give an I² of ' || " ~ show('q_i2_least'),
        },
        {
            'rule': 'i2_against_q', 'columns': ['i2', 'q', 'n_comparisons'],
            'found': "coalesce(i2_operator, '=') = '=' and n_comparisons > 1 and i2_gap > 0 "
                ~ 'and i2_gap <= 20',
            'printed': "'I² ' || i2_printed || ' with Q ' || q_printed || ' of ' || n_comparisons_printed",
            'low': 'q_i2_least', 'high': 'q_i2_most',
            'why': "'Q and the number of comparisons give an I² of ' || " ~ show('q_i2_least'),
        },
        {
            'rule': 'i2_as_fraction', 'columns': ['i2'],
            'found': "i2 > 0 and i2 <= 1 and contains(i2_printed, '.') "
                ~ 'and coalesce(i2_gap > 0, true)',
            'printed': "'I² ' || i2_printed", 'low': '100 * i2_least', 'high': '100 * i2_most',
            'why': "'I² is a percentage from 0 to 100'",
        },
        {
            'rule': 'heterogeneity_of_one', 'columns': ['n_comparisons', 'i2', 'q', 'tau2'],
            'found': 'n_comparisons = 1 and ' ~ greatest_known(['i2_least', 'q_least', 'tau2_least']) ~ ' > 0',
            'printed': "concat_ws(', ', 'one comparison', 'I² ' || i2_printed, 'Q ' || q_printed, "
                ~ "'τ² ' || tau2_printed)",
            'low': '2', 'high': 'null', 'why': "'a single comparison has no heterogeneity'",
        },
        {
            'rule': 'tau2_against_i2', 'columns': ['tau2', 'i2', 'ci_low', 'ci_high'],
            'found': "coalesce(i2_operator, '=') = '=' and n_comparisons > 1 and is_symmetric "
                ~ 'and tau2_gap > 5',
            'printed': "'τ² ' || tau2_printed || ' with I² ' || i2_printed || ' and ' || "
                ~ interval,
            'low': 'i2_least / 100 * n_comparisons * ci_se_least ** 2',
            'high': 'i2_most / 100 * n_comparisons * ci_se_most ** 2',
            'why': "'I², the interval and the number of comparisons give another τ²'",
        },
        {
            'rule': 'prediction_inside_interval', 'columns': ['pi_low', 'pi_high', 'ci_low', 'ci_high'],
            'found': 'pi_low_least > ci_low_most or pi_high_most < ci_high_least',
            'printed': "pi_low_printed || ' to ' || pi_high_printed || ' beside ' || " ~ interval,
            'low': 'ci_low', 'high': 'ci_high',
            'why': "'a prediction interval holds the confidence interval'",
        },
        {
            'rule': 'verdict_against_number', 'columns': ['verdict', 'ci_low', 'ci_high'],
            'found': "part in ('prediction', 'largest') and ci_low <= ci_high "
                ~ "and verdict in ('yes', 'no') and verdict != excludes_null "
                ~ "and not (part = 'largest' and verdict = 'no')",
            'printed': "verdict || ' with ' || " ~ interval, 'low': 'ci_low', 'high': 'ci_high',
            'why': "'the limits say the opposite'",
        },
        {
            'rule': 'small_study_verdict_against_p', 'columns': ['small_study_effects', 'egger_p'],
            'found': "(small_study_effects = 'yes' and egger_p_least > 0.1 "
                ~ "and coalesce(egger_p_operator, '=') in ('=', '>', '>=')) "
                ~ "or (small_study_effects = 'no' and egger_p_most < 0.05 "
                ~ "and coalesce(egger_p_operator, '=') in ('=', '<', '<='))",
            'printed': "small_study_effects || ' with P ' || egger_p_printed",
            'low': 'null', 'high': 'null', 'why': "'the P value says the opposite'",
        },
        {
            'rule': 'more_significant_than_studies', 'columns': ['n_significant', 'n_comparisons'],
            'found': greatest_known(['n_significant', 'n_significant_expected']) ~ ' > n_comparisons',
            'printed': "concat_ws(' and ', n_significant_printed, n_significant_expected_printed || ' expected') "
                ~ "|| ' of ' || n_comparisons_printed",
            'low': '0', 'high': 'n_comparisons',
            'why': "'more studies are significant than there are'",
        },
        {
            'rule': 'excess_verdict_against_numbers',
            'columns': ['excess_significance', 'n_significant', 'n_significant_expected'],
            'found': "excess_significance = 'yes' and n_significant <= n_significant_expected_least",
            'printed': "excess_significance || ' with ' || n_significant_printed || ' of ' "
                ~ "|| n_significant_expected_printed || ' expected'",
            'low': 'null', 'high': 'null', 'why': "'no more are significant than expected'",
        },
        {
            'rule': 'harm_is_significant',
            'columns': ['favourable_direction', 'estimate', 'ci_low', 'ci_high'],
            'found': "part = 'result' and favourable_sign is not null and excludes_null = 'yes' "
                ~ 'and sign(y) = -favourable_sign and not is_usual_harm',
            'printed': with_interval ~ " || ', ' || replace(favourable_direction, '_', ' ') "
                ~ "|| ' is favourable'",
            'low': 'null', 'high': 'null',
            'why': "'the whole interval is on the unfavourable side'",
        },
        {
            'rule': 'direction_against_notes', 'columns': ['favourable_direction', 'notes'],
            'found': "case lower(regexp_extract(notes, " ~ note_of_direction() ~ ", 1)) when 'negative' "
                ~ "then favourable_sign = 1 when 'positive' then favourable_sign = -1 end",
            'printed': "replace(favourable_direction, '_', ' ') || ' beside the note: ' "
                ~ "|| regexp_extract(notes, " ~ note_of_direction() ~ ")",
            'low': 'null', 'high': 'null', 'why': "'the note says the opposite'",
        },
        {
            'rule': 'number_twice', 'columns': ['estimate', 'ci_low', 'ci_high', 'se', 'p_value'],
            'found': "estimate != 0 and list_contains([if(ci_low < ci_high, ci_low_printed, null), "
                ~ 'if(ci_low < ci_high, ci_high_printed, null), se_printed, '
                ~ "if(p_operator = '=', p_value_printed, null)], estimate_printed)",
            'printed': "concat_ws(' ', estimate_printed, ci_low_printed, ci_high_printed, "
                ~ "'SE ' || se_printed, 'P ' || p_value_printed)",
            'low': 'null', 'high': 'null', 'why': "'one number stands in two cells'",
        },
    ]) }}
{% endmacro %}


{#- A note that says which sign favours the studied: "negative favours the programme". -#}
{% macro note_of_direction() -%}
    '(?i)\b(negative|positive)(?: values?)?(?: sign)? (?:favou?rs|= better|is better)\b(?: the)?(?: app| internet| online| digital| intervention| treatment| programme| program| exposed| experimental| i-?cbt| ibi)'
{%- endmacro %}


{#- Whether each check finds something: a list of true, false and NULL, in the order of the checks. -#}
{% macro rule_answers(checks) -%}
    [
        {%- for check in checks %}
        {{ check.found }}{{ ',' if not loop.last }}
        {%- endfor %}
    ]
{%- endmacro %}


{#- What the checks of a row have found, as a list: number, rule, columns and words. -#}
{% macro found_checks(checks) -%}
    list_filter(
        [
            {%- for check in checks %}
            {
                'number': {{ loop.index }},
                'is_found': coalesce({{ check.found }}, false),
                'rule': '{{ check.rule }}',
                'columns': ['{{ check['columns'] | join("', '") }}'],
                'printed': {{ check.printed }},
                'implied_low': cast({{ check.low }} as double),
                'implied_high': cast({{ check.high }} as double),
                'why': {{ check.why }}
            }{{ ',' if not loop.last }}
            {%- endfor %}
        ],
        lambda each: each.is_found
    )
{%- endmacro %}


{#- What the checks found in one kind of rows, with the repairs that mend it: the columns that the
    likeliest repair changes stand first. -#}
{% macro findings_of_checks(checks, repairs, keys) %}
found as (
    select
        * exclude (found),
        unnest(found) as found
    from {{ checks }}
),

-- Of several ways to mend a finding the likeliest three, each once.
ways as (
    select
        * exclude (mended_checks),
        unnest(mended_checks) as number
    from {{ repairs }}
),

different_ways as (
    select * from ways
    qualify row_number() over (
        partition by {{ keys | join(', ') }}, number, edited_columns, new_value order by place
    ) = 1
),

candidates as (
    select
        {{ keys | join(', ') }},
        number,
        list(words order by place)[:3] as words,
        arg_min(edited_columns, place) as edited_columns
    from different_ways
    group by all
),

blamed as (
    select
        found.* exclude (found),
        found.found,
        list_concat(
            coalesce(
                list_filter(
                    found.found.columns,
                    lambda name: list_contains(candidates.edited_columns, name)
                ),
                cast([] as varchar[])
            ),
            list_filter(
                found.found.columns,
                lambda name: not coalesce(list_contains(candidates.edited_columns, name), false)
            )
        ) as columns,
        array_to_string(candidates.words, '; or ') as candidate
    from found
    left join candidates
        on
            {%- for key in keys %}
            found.{{ key }} = candidates.{{ key }} and
            {%- endfor %}
            found.found.number = candidates.number
)
{% endmacro %}
