{#- Every sentence that says a result, for every kind of quantity and of review: what rpt_findings and
    rpt_conclusions say, and rpt_sentences shows for a grid of results. -#}

{% macro with_sentences(results) %}
turned as (
    select
        *,
        {{ amount_word('results') }} as amount,
        -- SMDs of interventions are signed so that above zero favours: more of what is bad is below.
        (side = 'above')
        != (coalesce(above_favours, false) and coalesce(polarity, '') = 'more_is_worse') as is_more,
        review_kind = 'interventions' and quantity != 'correlation' as is_effect,
        {{ is_up('n_estimates_above', 'n_estimates_below') }} as is_up
    from {{ results }} as results
),

phrased as (
    select
        *,
        coalesce('the ' || amount || if(quantity = 'correlation', ' with ', ' of '), '') || noun
            as what,
        case
            when amount is not null or polarity = 'neither' then if(is_more, 'raise', 'lower')
            when polarity = 'more_is_worse' then if(is_more, 'increase', 'reduce')
            when above_favours then if(is_more, 'improve', 'worsen')
            else if(is_more, 'raise', 'lower')
        end as verb,
        if(side = 'above', above_text, below_text) as side_text,
        case
            when n_grades != 4 then ''
            when place = 2 then 'probably '
            when place in (3, 4) then 'may '
            else ''
        end as hedge,
        -- After "may" the verb has no ending.
        hedge != 'may ' as has_ending,
        case
            when place is null and sole_grade is not null then '; certainty: ' || {{ sole_grade() }}
            when place is null then '; how certain this is was not judged'
            when n_grades != 4 then '; certainty: ' || lower(grade_label)
            when place = 4 then ', but the evidence is very uncertain'
            else ''
        end as doubt,
        if(k = 1, 'one ' || member_word || ', not pooled: ', '') as basis,
        -- As exact as the table, and so many that what is rare is told by whole people.
        {{ greatest_of([
            'if(risk_decimals > 0, 10000, 1000)', people_told_of('assumed_risk / 10'),
            people_told_of('risk / 10')
        ]) }} as people_of_risk
    from turned
),

-- Words for certainty after Santesso and others 2020, J Clin Epidemiol 119:126.
said as (
    select
        *,
        case
            when no_effect is null and estimate is not null
                then
                    basis || noun || {{ of_about() }}
                    || coalesce('; certainty: ' || if(place is null, null, lower(grade_label)), '')
            when range_low < range_high
                then
                    'between ' || {{ rate_in_words('range_low', 'range_high') }} || ' and '
                    || {{ rate_in_words('range_high', 'range_high') }}
                    || {{ of_how_many('range_high') }}
                    || ' as reported; nothing to pool'
            when range_low is not null
                then
                    {{ rate_in_words('range_low', 'range_low') }} || {{ of_how_many('range_low') }}
                    || ' in one report; nothing to pool'
            when estimate is null then 'no ' || member_word || ' of this extraction can be pooled'
            when not has_verdict
                then
                    k || ' ' || members_word || ' are too few for a pooled verdict: '
                    || {{ how_many_point() }}
            when side is null then basis || 'an estimate without interval' || doubt
            when side = 'neither'
                then
                    basis || 'no clear '
                    || if(
                        is_effect,
                        'effect on ' || what || ': the interval includes no effect',
                        'association with ' || if(quantity = 'correlation', noun, what)
                        || ': the interval includes no '
                        || if(quantity = 'correlation', 'correlation', 'difference')
                    ) || doubt
            when is_effect
                then
                    basis || 'the ' || studied_word || ' ' || hedge || verb
                    || if(has_ending, 's ', ' ') || what
                    || coalesce(' to a ' || size || ' extent', '') || doubt
            else
                basis || 'the ' || studied_word || ' ' || hedge || if(has_ending, 'goes', 'go')
                || ' with ' || side_text || doubt
        end as said_text,
        upper(left(said_text, 1)) || substr(said_text, 2) || '.'
        || coalesce({{ risk_in_words() }}, '') as sentence
    from phrased
)
{% endmacro %}


{#- An assumed risk and what the effect makes of it: of 1000 people, about 232 rather than 190. -#}
{% macro risk_in_words() -%}
    ' ' || coalesce({{ in_sentence_case('risk_label') }} || ': of ', 'Of ')
    || {{ people_in_words('people_of_risk') }} || ' people, about '
    || {{ of_people_of_risk('risk') }}
    || coalesce(
        ' (' || {{ of_people_of_risk('risk_low') }}
        || ' to ' || {{ of_people_of_risk('risk_high') }} || ')',
        ''
    )
    || if(
        {{ of_people_of_risk('risk') }} = {{ of_people_of_risk('assumed_risk') }},
        ' either way.',
        ' rather than ' || {{ of_people_of_risk('assumed_risk') }} || '.'
    )
{%- endmacro %}


{#- A risk per 1000 people in whole people of as many as the sentence tells of. -#}
{% macro of_people_of_risk(risk) -%}
    printf('%.0f', {{ risk }} * people_of_risk / 1000)
{%- endmacro %}


{#- 100, 1000, 10 000 and 100 000. -#}
{% macro people_in_words(people) -%}
    regexp_replace(cast({{ people }} as varchar), '(..)000$', '\1 000')
{%- endmacro %}


{#- The one grade that is left where not all is judged. -#}
{% macro sole_grade() -%}
    sole_grade || ', whichever way its open domains are judged'
{%- endmacro %}


{#- The same in short, with its numbers: what to believe of a headline, and what it hangs on. -#}
{% macro with_conclusions(results) %}
measured as (
    select
        *,
        if(no_effect is null, '', scale_short_label || ' ') || result_text as measured_text,
        pi_low > no_effect or pi_high < no_effect as is_null_outside_prediction,
        {{ is_up('n_estimates_above', 'n_estimates_below') }} as is_up,
        if(
            side in ('above', 'below'),
            side = 'above',
            {{ is_up('n_results_above', 'n_results_below') }}
        ) as is_result_up,
        if(is_result_up, n_results_above, n_results_below) as n_results_there
    from {{ results }}
),

concluded as (
    select
        *,
        case
            when published_estimate is not null
                then
                    'Published: ' || if(no_effect is null, '', scale_short_label || ' ')
                    || published_result
                    || if(published_k is null, '', ', k=' || published_k) || '.'
                    || if(published_note is null, '', ' Its arithmetic does not hold together.')
            when exists (select * from headline)
                then 'The published review prints no result.'
        end as published_text,
        {{ conclusion_effect('measured') }} as effect_text,
        case
            when estimate is null or not has_verdict then null
            when pi_low is null then 'No prediction interval can be given.'
            when no_effect is null
                then
                    'A new ' || member_word || ' is expected between '
                    || {{ conclusion_limits('pi_low', 'pi_high', 'decimals', ' and ') }}
                    || {{ rate_ending('measured') }} || '.'
            else
                if(unit = 'trial', 'A new ', 'The mean of a new ') || member_word
                || ' is expected between '
                || {{ conclusion_limits('pi_low', 'pi_high', 'decimals', ' and ') }}
                || if(
                    is_null_outside_prediction,
                    ', on the same side.',
                    ': it may show no effect, or one on the other side.'
                )
                || if(unit = 'trial', '', ' ' || coalesce(
                    'A single new ' || study_word || ', roughly, between '
                    || {{ conclusion_limits('trial_pi_low', 'trial_pi_high', 'decimals', ' and ') }}
                    || ': an approximation from ' || k_with_i2 || ' of ' || k || ' ' || members_word
                    || ', with τ² of their ' || studies_word || ' about I² · k · SE².',
                    'No ' || member_word || ' reports enough to say as much of a single ' || study_word || '.'
                ))
        end as prediction_text,
        case
            when coalesce(k, 0) < 2 then null
            when overlap_aware_text is null and assumed_overlap_text is null
                then 'The protocol has no policy like recommended that allows for shared '
                    || studies_word || '.'
            else
                'By handling of overlap: '
                || concat_ws(
                    '; ',
                    'independent ' || independent_text,
                    'known shared ' || studies_word || ' ' || overlap_aware_text,
                    'correlation ' || assumed_correlation || ' where not known '
                    || assumed_overlap_text
                )
                || coalesce(
                    '. Overlap is known for ' || n_pairs_known || ' of '
                    || {{ counted('n_pairs', "'pair'", "'pairs'") }},
                    ''
                ) || '.'
        end as overlap_text,
        case
            when coalesce(n_with_interval, 0) = 0 then null
            else
                case
                    when n_results > 0
                        then
                            'Defensible alternative analyses give '
                            || {{ counted('n_results', "'result'", "'different results'") }}
                            || if(
                                no_effect is null,
                                ', '
                                || if(
                                    n_results_within_interval = n_results,
                                    'all',
                                    cast(n_results_within_interval as varchar)
                                ) || ' of them within the interval of the result',
                                ': ' || {{ conclusion_sides(
                                    'n_results_above', 'n_results_neither', 'n_results_below',
                                    'measured'
                                ) }}
                            ) || '. '
                    when k > 1 then 'Every alternative analysis is doubtful. '
                    else 'No defensible alternative analysis pools two ' || members_word || '. '
                end
                || if(
                    n_results = 0 and coalesce(k, 0) < 2,
                    '',
                    'Of all ' || {{ counted('n_with_interval', "'combination'", "'combinations'") }}
                    || ' of choices, with repeats, single '
                    || members_word || ' and doubtful ones, '
                    || if(
                        no_effect is null,
                        'the lowest gives ' || {{ fixed('estimate_min', 'decimals') }}
                        || if(shown_as = 'expit', '%', '') || ', the highest '
                        || {{ fixed('estimate_max', 'decimals') }} || {{ rate_ending('measured') }},
                        {{ conclusion_sides(
                            conclusion_share('share_above'),
                            conclusion_share('share_neither'),
                            conclusion_share('share_below'),
                            'measured'
                        ) }}
                    ) || '. '
                )
                || coalesce(
                    'The choice that moves the estimate most: '
                    || case strongest_choice
                        when 'tau2_method' then 'estimator of tau²'
                        when 'ci_method' then 'interval'
                        when 'or_to_smd_rule' then 'conversion of odds ratios'
                        else replace(strongest_choice, '_', ' ')
                    end
                    || if(shown_as = 'exp', ' (by a factor of ', ' (by ')
                    || {{ fixed('strongest_difference', 'decimals') }}
                    || if(shown_as = 'expit', ' percentage points).', ').'),
                    'No choice moves the estimate.'
                )
        end as robustness_text,
        if(
            class_status = 'not_applicable',
            null,
            {{ conclusion_grade('class') }} || coalesce(' ' || class_next, '')
        ) as class_text,
        {{ conclusion_grade('grade') }} as grade_text,
        concat_ws(
            '; ',
            case
                when coalesce(k, 0) = 0 then 'Nothing to pool'
                when k = 1
                    then
                        'One ' || member_word || ', not pooled' || coalesce(
                            ': ' || if(
                                no_effect is null,
                                noun || {{ of_about() }},
                                {{ side_in_words('side', 'measured') }}
                            ),
                            ''
                        )
                when no_effect is null then {{ in_sentence_case('noun') }} || {{ of_about() }}
                when not has_verdict
                    then
                        'Too few for a pooled verdict: ' || {{ how_many_point(is_named=true) }}
                when side = 'neither' or side is null then 'No clear effect'
                else
                    {{ in_sentence_case(side_in_words('side', 'measured')) }}
                    || coalesce(', ' || lower(cohen_label), '')
            end,
            if(has_verdict, 'one decision makes it ' || fragility_short, null),
            case
                when not has_verdict or n_results = 0 then null
                when no_effect is null
                    then
                        {{ how_many_alternatives('n_results_within_interval') }}
                        || {{ agreeing_alternatives(
                            'n_results_within_interval', "' lies'", "' lie'"
                        ) }} || ' within that interval'
                when n_results_there = 0 and side = 'neither'
                    then 'no alternative result shows a clear effect'
                else
                    {{ how_many_alternatives('n_results_there') }} || ' ' || side_verb
                    || {{ agreeing_alternatives('n_results_there', "'s '", "' '") }}
                    || if(is_result_up, above_text, below_text)
            end,
            case
                when not has_verdict or no_effect is null then null
                when is_null_outside_prediction
                    then
                        'so should a new ' || member_word
                        || if(unit = 'trial', '', ' on average')
                when not is_null_outside_prediction
                    then 'a new ' || member_word || ' may see no effect'
            end,
            class_label || if(class_best = class_label, '', ' (up to ' || class_best || ')'),
            case
                when grade_label is not null
                    then
                        'certainty ' || lower(grade_label)
                        || if(grade_best = grade_label, '', ' (up to ' || lower(grade_best) || ')')
                when estimate is not null and coalesce(grade_status, '') != 'not_applicable'
                    then coalesce('certainty ' || sole_grade || ' in any case', 'certainty not judged')
            end
        ) || '.' as summary_text
    from measured
)
{% endmacro %}


{% macro conclusion_effect(row) -%}
    case
        when status = 'no_data'
            then 'No ' || member_word || ' of this extraction can be pooled.'
        when status = 'single_study'
            then 'One ' || member_word || ', not pooled: ' || measured_text || '.'
        when estimate is null then 'Not estimated: ' || replace(status, '_', ' ') || '.'
        when no_effect is null
            then {{ in_sentence_case('noun') }} || ': ' || measured_text || ', k=' || k || '.'
        when side is null then measured_text || ', k=' || k || ', without interval.'
        when not has_verdict
            then 'Too few for a pooled verdict: ' || measured_text || ', k=' || k || '.'
        else
            {{ in_sentence_case(side_in_words('side', row)) }}
            || ': ' || measured_text || ', k=' || k
            || coalesce(', ' || lower(cohen_label) || ' by Cohen', '') || '.'
    end
{%- endmacro %}


{#- The side to which more of them point is told first; of as many, the good one. -#}
{% macro is_up(above, below) -%}
    case
        when {{ above }} > {{ below }} then true
        when {{ above }} < {{ below }} then false
        else coalesce(above_favours, true)
    end
{%- endmacro %}


{% macro how_many_point(is_named=false) -%}
    {%- set n = 'if(is_up, n_estimates_above, n_estimates_below)' -%}
    {%- set n_others = 'if(is_up, n_estimates_below, n_estimates_above)' -%}
    {%- set named = " || ' ' || members_word" if is_named -%}
    case
        when {{ n }} = 0 then 'none of ' || k{{ named }} || ' points to a side'
        when {{ n }} < k then {{ n }} || ' of ' || k{{ named }}
        when k = 1 then 'the one'{{ " || ' ' || member_word" if is_named }}
        when k = 2 then 'both'{{ named }}
        else 'all ' || k{{ named }}
    end
    || if(
        {{ n }} = 0,
        '',
        {{ agreeing(n, "' points to '", "' point to '") }} || if(is_up, above_text, below_text)
        || ', ' || {{ how_many_significantly(n, 'if(is_up, n_above, n_below)') }}
    )
    || if(
        {{ n_others }} = 0,
        '',
        ', and ' || {{ n_others }} || ' to ' || if(is_up, below_text, above_text)
        || ', ' || {{ how_many_significantly(n_others, 'if(is_up, n_below, n_above)') }}
    )
{%- endmacro %}


{% macro how_many_significantly(n, n_significant) -%}
    case
        when {{ n_significant }} = 0 then if({{ n }} = 1, 'not significantly', 'none significantly')
        when {{ n_significant }} < {{ n }} then {{ n_significant }} || ' significantly'
        when {{ n }} = 1 then 'significantly'
        when {{ n }} = 2 then 'both significantly'
        else 'all significantly'
    end
{%- endmacro %}


{% macro of_about() -%}
    ' of about ' || {{ rate_in_words('estimate') }} || {{ of_how_many('estimate') }}
    || if(
        ci_low is null,
        ', without interval',
        ' (95% interval ' || {{ rate_in_words('ci_low') }} || ' to ' || {{ rate_in_words('ci_high') }} || ')'
    )
{%- endmacro %}


{% macro rate_in_words(value, main='estimate') -%}
    if(
        shown_as = 'expit',
        printf('%.0f', {{ people_told_of(main) }} * {{ value }} / 100),
        {{ fixed(value, 'decimals') }}
    )
{%- endmacro %}


{% macro of_how_many(main) -%}
    if(
        shown_as = 'expit',
        ' in ' || {{ people_in_words(people_told_of(main)) }},
        ' ' || measure_unit
    )
{%- endmacro %}


{#- So many that what is rare, and what hardly anybody lacks, is told by whole people. -#}
{% macro people_told_of(percent) -%}
    case
        when {{ percent }} in (0, 100) then 100
        when {{ percent }} not between 0.05 and 99.95 then 100000
        when {{ percent }} not between 0.5 and 99.5 then 10000
        when {{ percent }} not between 5 and 95 then 1000
        else 100
    end
{%- endmacro %}


{#- What stands after the last number of a rate; nothing after other results. -#}
{% macro rate_ending(scale) -%}
    case
        when {{ scale }}.shown_as = 'expit' then '%'
        when {{ scale }}.no_effect is null then ' ' || {{ scale }}.measure_unit
        else ''
    end
{%- endmacro %}


{#- Where the scale stands says how results are shown, and with how many decimal places. -#}
{% macro conclusion_ci(row, scale) -%}
    {{ true_minus(
        fixed(row ~ '.estimate', scale ~ '.decimals')
        ~ ' || if(' ~ scale ~ ".shown_as = 'expit', '%', '')"
        ~ " || coalesce(' (' || " ~ fixed(row ~ '.ci_low', scale ~ '.decimals')
        ~ " || ' to ' || " ~ fixed(row ~ '.ci_high', scale ~ '.decimals') ~ " || ')', '')"
        ~ ' || if(' ~ scale ~ ".shown_as = 'expit', '', " ~ rate_ending(scale) ~ ')'
    ) }}
{%- endmacro %}


{% macro conclusion_limits(low, high, decimals, between=' to ') -%}
    {{ true_minus(
        fixed(low, decimals) ~ " || '" ~ between ~ "' || " ~ fixed(high, decimals)
    ) }}
{%- endmacro %}


{% macro fixed(value, decimals) -%}
    printf('%.' || {{ decimals }} || 'f', cast({{ value }} as double))
{%- endmacro %}


{% macro conclusion_sides(above, neither, below, row) -%}
    if(
        {{ row }}.is_up,
        {{ above }} || ' ' || {{ row }}.side_verb || ' ' || {{ row }}.above_text
        || ', ' || {{ neither }} || ' neither, ' || {{ below }} || ' ' || {{ row }}.below_text,
        {{ below }} || ' ' || {{ row }}.side_verb || ' ' || {{ row }}.below_text
        || ', ' || {{ neither }} || ' neither, ' || {{ above }} || ' ' || {{ row }}.above_text
    )
{%- endmacro %}


{% macro how_many_alternatives(n) -%}
    case
        when {{ n }} = 0 then 'no alternative result'
        when {{ n }} < n_results then {{ n }} || ' of ' || n_results || ' alternative results'
        when n_results = 1 then 'the one alternative result'
        else 'all ' || n_results || ' alternative results'
    end
{%- endmacro %}


{% macro agreeing_alternatives(n, one, several) -%}
    if({{ n }} < 2, {{ one }}, {{ several }})
{%- endmacro %}


{% macro conclusion_share(share) -%}
    case
        when {{ share }} < 1 and round(100 * {{ share }}) = 100 then '>99'
        when {{ share }} > 0 and round(100 * {{ share }}) = 0 then '<1'
        else printf('%.0f', round(100 * {{ share }}))
    end || '%'
{%- endmacro %}


{% macro conclusion_grade(prefix) -%}
    case
        when {{ prefix }}_status is null then 'The protocol has no such scheme.'
        when {{ prefix }}_label is null
            then {{ prefix }}_status_text || ' (' || {{ prefix }}_scheme_label || ').'
        else
            {{ prefix }}_label || ' (' || {{ prefix }}_scheme_label || '): ' || {{ prefix }}_reason
            || coalesce('; ' || {{ prefix }}_status_text, '') || '.'
    end
{%- endmacro %}
