-- Grain: one row per row of a sheet, rule and columns whose person-time goes neither with its
-- participants nor with the others of its set, or has no unit where the others have one.
with

times_of_outcomes as (
    select * from {{ ref('int_trial_times') }}
),

trials as (
    select
        'primary_studies' as sheet,
        trials.row_number,
        trials.comparison_id as row_id,
        trials.condition,
        trials.outcome,
        cast(null as varchar) as arm,
        coalesce(
            trials.time_unit,
            if(times.person_time_unit = {{ years_in_words() }}, null, {{ years_in_words() }})
        ) as time_unit,
        trials.time_unit is not null as is_named,
        trials.weeks * {{ years_of_time("'per 1 person-week'") }} as planned_years,
        trials.time_intervention,
        trials.time_control,
        coalesce(
            trials.time_total, trials.time_intervention + trials.time_control,
            trials.time_intervention, trials.time_control
        ) as person_time,
        {%- for arm in ['intervention', 'control'] %}
        coalesce(trials.n_{{ arm }}, trials.total_{{ arm }}, trials.randomised_{{ arm }})
            as people_{{ arm }},
        {%- endfor %}
        case
            when coalesce(trials.time_total, trials.time_intervention + trials.time_control) > 0
                then coalesce(trials.n_total, people_intervention + people_control)
            when trials.time_control is null then people_intervention
            else people_control
        end as people,
        case
            when coalesce(trials.time_total, trials.time_intervention + trials.time_control) > 0
                then trials.events_intervention + trials.events_control
            when trials.time_control is null then trials.events_intervention
            else trials.events_control
        end as events,
        'time_intervention, time_control, time_unit' as columns
    from {{ ref('stg_extraction__primary_studies') }} as trials
    inner join times_of_outcomes as times on trials.outcome = times.outcome
),

rates as (
    select
        'reported_rates' as sheet,
        row_number,
        rate_id as row_id,
        condition,
        outcome,
        arm,
        {{ time_of_unit('rate_unit') }} as time_unit,
        true as is_named,
        person_time,
        total as people,
        if(rate is null, events, null) as events,
        'person_time, rate_unit' as columns
    from {{ ref('stg_extraction__reported_rates') }}
    where restriction is null and rate_unit is not null
),

timed as (
    select
        *,
        person_time * {{ years_of_time("('per 1 ' || time_unit)") }} as years,
        years / nullif(people, 0) as years_each,
        1000 * events / nullif(years, 0) as rate_per_1000,
        years_each / nullif(planned_years, 0) as to_plan,
        time_intervention / nullif(people_intervention, 0)
        / nullif(time_control / nullif(people_control, 0), 0) as to_other_arm
    from (
        select * from trials
        union all by name
        select * from rates
    ) as stacked
    where person_time > 0
),

-- Months typed as years are twelve times as long: the person-time is read in every other unit. What
-- names no unit may be in any, and is compared with its like alone.
read as (
    select
        *,
        {{ times_within('years_each', 0.02, longest_follow_up()) }} as by_life,
        {{ times_within('to_plan', 0.4, 1.25) }} as by_plan,
        list_concat(
            {{ times_within('to_other_arm', 0.6, 1.6) }},
            {{ times_within('1 / to_other_arm', 0.6, 1.6) }}
        ) as by_arms,
        case
            when is_named and years_each > {{ longest_follow_up() }} then 'life'
            when is_named and to_plan > 3 and len(by_plan) > 0 then 'plan'
            when (to_other_arm > 3 or to_other_arm < 1 / 3) and len(by_arms) > 0 then 'arms'
        end as odd_by
    from timed
),

-- How long the time is for what was seen in it: years of a participant, else those of an event.
levels as (
    select
        *,
        people is not null as is_by_people,
        if(is_by_people, ln(years_each), -ln(nullif(rate_per_1000, 0))) as level
    from read
    where odd_by is null
),

placed as (
    select
        *,
        count(level) over (partition by sheet, condition, outcome, arm, is_by_people) - 1
            as n_others,
        min(level) over others as lowest,
        max(level) over others as highest
    from levels
    window others as (
        partition by sheet, condition, outcome, arm, is_by_people
        rows between unbounded preceding and unbounded following exclude current row
    )
),

-- Where the others agree within a factor of three and this one is as far from all of them.
unlike as (
    select
        *,
        {{ times_within('exp(level)', 'exp(lowest) / 1.5', 'exp(highest) * 1.5') }} as by_set,
        len(list_filter(
            {{ denominator_factors() }},
            lambda factor: level - ln(factor) between lowest - ln(1.5) and highest + ln(1.5)
        )) > 0 as is_by_digits,
        if(is_named, 'years', 'units of time') as time_words,
        if(is_by_people, exp(lowest), exp(-highest)) as set_low,
        if(is_by_people, exp(highest), exp(-lowest)) as set_high
    from placed
    where
        n_others >= 3
        and highest - lowest <= ln(3)
        and (level > highest + ln(3) or level < lowest - ln(3))
),

found as (
    select
        *,
        'person_time_against_participants' as rule,
        cast(null as double) as implied_low,
        if(
            odd_by = 'arms',
            null,
            person_time / years_each
            * if(odd_by = 'life', {{ longest_follow_up() }}, planned_years)
        ) as implied_high,
        case odd_by
            when 'arms'
                then 'a participant of one arm has '
                    || printf('%.3g', {{ greatest_of(['to_other_arm', '1 / to_other_arm']) }})
                    || ' times the time of one of the other'
            else
                printf('%.3g', years_each) || ' years of each of ' || people || ' participants'
                || coalesce(', after ' || printf('%.3g', planned_years) || ' years', '')
        end as why,
        case odd_by when 'life' then by_life when 'plan' then by_plan else by_arms end as readings
    from read
    where odd_by is not null

    union all by name

    select
        *,
        'person_time_unlike_its_set' as rule,
        person_time * exp(lowest - level) as implied_low,
        person_time * exp(highest - level) as implied_high,
        if(
            is_by_people,
            printf('%.3g', years_each) || ' ' || time_words || ' of each participant',
            printf('%.3g', rate_per_1000) || ' events per 1000 '
            || if(is_named, 'person-', '') || time_words
        )
        || ', where the other ' || n_others || ' of its set have ' || printf('%.3g', set_low)
        || ' to ' || printf('%.3g', set_high) as why,
        if(is_named, by_set, null) as readings
    from unlike
    where len(by_set) > 0 or is_by_digits

    union all by name

    select
        *,
        'person_time_without_unit' as rule,
        'other trials of the outcome name what their person-time is counted in: this one is in no '
        || 'sum of it' as why
    from timed
    where time_unit is null
),

final as (
    select
        sheet,
        row_number,
        row_id,
        rule,
        if(rule = 'person_time_without_unit', 'time_unit', columns) as columns,
        concat_ws(
            ' ', printf('%.10g', person_time),
            case
                when rule = 'person_time_without_unit' then 'without a unit'
                when is_named then time_unit
            end,
            'of ' || people || ' participants', 'with ' || events || ' events'
        ) as printed,
        implied_low,
        implied_high,
        why,
        nullif(concat_ws(
            '; or ',
            if(odd_by = 'arms', 'the time of one arm', 'the person-time') || ' is in '
            || nullif(array_to_string(readings, ' or '), ''),
            if(is_by_digits, 'it has a digit too many or too few', null)
        ), '') as candidate
    from found
)

select * from final
