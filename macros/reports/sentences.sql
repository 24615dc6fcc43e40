{#- The sentence that says a result, for every kind of quantity and of review: what rpt_findings
    says, and rpt_sentences shows for a grid of results. -#}

{% macro with_sentences(results) %}
turned as (
    select
        *,
        {{ amount_word('results') }} as amount,
        -- SMDs of interventions are signed so that above zero favours: more of what is bad is below.
        (side = 'above')
        != (coalesce(above_favours, false) and coalesce(polarity, '') = 'more_is_worse') as is_more,
        review_kind = 'interventions' and quantity != 'correlation' as is_effect,
        -- Of few, the good side is told, or else the one to which more of them point.
        coalesce(above_favours, n_estimates_above >= n_estimates_below) as is_up
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
            when place is null then '; how certain this is was not judged'
            when n_grades != 4 then '; certainty: ' || lower(grade_label)
            when place = 4 then ', but the evidence is very uncertain'
            else ''
        end as doubt,
        if(k = 1, 'one ' || member_word || ', not pooled: ', '') as basis,
        {{ risk_under('estimate') }} as risk,
        {{ risk_under('ci_low') }} as risk_low,
        {{ risk_under('ci_high') }} as risk_high
    from turned
),

-- Words for certainty after Santesso and others 2020, J Clin Epidemiol 119:126.
said as (
    select
        *,
        case
            when shown_as = 'expit' and estimate is not null
                then
                    basis || noun || ' of about ' || printf('%.0f', estimate) || ' in 100'
                    || if(
                        ci_low is null,
                        ', without interval',
                        printf(' (95%% interval %.0f to %.0f)', ci_low, ci_high)
                    )
            when range_low < range_high
                then
                    printf('between %.0f and %.0f in 100', range_low, range_high)
                    || ' as reported; nothing to pool'
            when range_low is not null
                then printf('%.0f', range_low) || ' in 100 in one report; nothing to pool'
            when estimate is null then 'no ' || member_word || ' of this extraction can be pooled'
            when not has_verdict
                then
                    k || ' ' || members_word || ' are too few for a pooled verdict: '
                    || if(is_up, n_estimates_above, n_estimates_below) || ' of ' || k
                    || ' point to ' || if(is_up, above_text, below_text) || ', '
                    || if(is_up, n_above, n_below) || ' significantly'
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
        || coalesce(
            printf(' Of 1000 people, about %.0f', 1000 * risk)
            || coalesce(printf(' (%.0f to %.0f)', 1000 * risk_low, 1000 * risk_high), '')
            || printf(' rather than %.0f.', 1000 * baseline_risk),
            ''
        ) as sentence
    from phrased
)
{% endmacro %}


{#- The risk of those who are studied where the others have the risk of the protocol. -#}
{% macro risk_under(effect) -%}
    case
        when quantity not in ('event', 'time_to_event') or not has_verdict then null
        when scale = 'log_odds_ratio'
            then
                baseline_risk * {{ effect }} / (1 - baseline_risk + baseline_risk * {{ effect }})
        when scale = 'log_risk_ratio' then {{ least_of(['baseline_risk * ' ~ effect, '1.0']) }}
        when scale = 'log_hazard_ratio' then 1 - (1 - baseline_risk) ** {{ effect }}
        when scale = 'risk_difference' then baseline_risk + {{ effect }}
    end
{%- endmacro %}
