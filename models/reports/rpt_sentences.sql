-- Grain: one row per made-up result of a grid: the sentence that the summary says of it, and the
-- short one of its conclusion.
{% set made = [
    ('continuous', 'more_is_worse', 'smd', 'pain'),
    ('continuous', 'more_is_better', 'smd', 'functioning'),
    ('continuous', 'neither', 'mean_difference', 'body height'),
    ('event', 'more_is_worse', 'log_risk_ratio', 'relapse'),
    ('event', 'more_is_better', 'log_odds_ratio', 'remission'),
    ('event', 'neither', 'risk_difference', 'a move'),
    ('time_to_event', 'more_is_worse', 'log_hazard_ratio', 'death'),
    ('time_to_event', 'more_is_better', 'log_hazard_ratio', 'recovery'),
    ('event_count', 'more_is_worse', 'log_incidence_rate_ratio', 'falls'),
    ('correlation', 'more_is_worse', 'fisher_z', 'distress'),
    ('correlation', 'more_is_better', 'fisher_z', 'well-being'),
    ('proportion', 'more_is_worse', 'logit', 'dropout'),
    ('proportion', 'neither', 'logit', 'prevalence'),
    ('event_count', 'more_is_worse', 'log_incidence_rate', 'falls')
] %}
with

kinds as (
    select
        code as review_kind,
        studied_word,
        comparison_word,
        member_word,
        members_word
    from {{ ref('stg_vocabulary__review_kinds') }}
),

outcomes as (
    {%- for quantity, polarity, scale, noun in made %}
    select
        '{{ quantity }}' as quantity,
        '{{ polarity }}' as polarity,
        '{{ scale }}' as scale,
        '{{ noun }}' as noun
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

sizes as (
    select unnest([
        {'members': 'none', 'k': 0, 'has_verdict': null::boolean},
        {'members': 'one', 'k': 1, 'has_verdict': true},
        {'members': 'two', 'k': 2, 'has_verdict': false},
        {'members': 'many', 'k': 12, 'has_verdict': true}
    ], recursive := true)
),

sides as (
    select unnest(['above', 'neither', 'below']) as side
),

-- Places of a scheme of four grades; the last is a result that nobody graded.
certainties as (
    select unnest([
        {'certainty': 'high', 'place': 1},
        {'certainty': 'moderate', 'place': 2},
        {'certainty': 'low', 'place': 3},
        {'certainty': 'very low', 'place': 4},
        {'certainty': 'not judged', 'place': null::integer}
    ], recursive := true)
),

results as (
    select
        *,
        scales.shown_as,
        {{ above_favours() }} as above_favours,
        if(place is null, null, 4) as n_grades,
        certainty as grade_label,
        null::varchar as sole_grade,
        if(scale = 'smd' and side != 'neither', 'small', null) as size,
        size as cohen_label,
        case k when 0 then 'no_data' when 1 then 'single_study' else 'ok' end as status,
        scales.short_label as scale_short_label,
        if(scale = 'log_incidence_rate', 'per 1000 person-years', null) as measure_unit,
        case side
            when 'above' then if(scales.kind = 'ratio', [1.6, 1.3, 2.0], [0.3, 0.2, 0.4])
            when 'below' then if(scales.kind = 'ratio', [0.6, 0.5, 0.7], [-0.3, -0.4, -0.2])
            else if(scales.kind = 'ratio', [1.0, 0.8, 1.3], [0.0, -0.1, 0.1])
        end as shown,
        null::varchar as risk_label,
        null::integer as risk_decimals,
        null::double as assumed_risk,
        null::double as risk,
        null::double as risk_low,
        null::double as risk_high,
        null::double as range_low,
        null::double as range_high,
        case
            when k = 0 then null when {{ is_of_rates('scale') }} then 30 else shown[1]
        end as estimate,
        case
            when k = 0 then null when {{ is_of_rates('scale') }} then 26 else shown[2]
        end as ci_low,
        case
            when k = 0 then null when {{ is_of_rates('scale') }} then 34 else shown[3]
        end as ci_high,
        case side when 'above' then k when 'neither' then (k + 1) // 2 else 0 end
            as n_estimates_above,
        k - n_estimates_above as n_estimates_below,
        if(side = 'above', 1, 0) as n_above,
        if(side = 'below', 1, 0) as n_below
    from kinds
    cross join outcomes
    cross join sizes
    cross join sides
    cross join certainties
    inner join {{ ref('stg_protocol__scales') }} as scales using (scale)
    where
        if(
            {{ is_of_rates('outcomes.scale') }},
            sides.side = 'neither',
            review_kind != 'prevalence'
        )
        and (sizes.members = 'many' or place is null)
),

sided as (
    select
        *,
        if(no_effect is null, '', scale_short_label || ' ')
        || {{ conclusion_ci('results', 'results') }} as measured_text,
        {{ side_words('results') }}
    from results
),

{{ with_sentences('sided') }}

select
    review_kind,
    quantity,
    polarity,
    scale,
    members,
    side,
    certainty,
    sentence,
    {{ conclusion_effect('said') }} as conclusion
from said
order by all
