-- Grain: one row per rate that would lie among the others of its condition, outcome and arm if it
-- were in other denominators, such as per 100 in place of per 1000, or per another unit of time.
with

-- Others are known by their events and person-time alone.
typed as (
    select row_number
    from {{ ref('stg_extraction__reported_rates') }}
    where coalesce(rate, rate_low, rate_high) is not null or person_time is null
),

levels as (
    select
        'reported_rates' as sheet,
        row_number,
        row_id,
        scale,
        rate_unit,
        {{ time_of_unit('rate_unit') }} as time_unit,
        if(scale = 'logit', percent, rate) as shown,
        if(scale = 'logit', ln(nullif(percent, 0)), ln(nullif(rate, 0) / person_years)) as level,
        if(scale = 'logit', 0, ln(person_years)) as level_of_unit,
        count(level) over (partition by condition, outcome, arm, scale) - 1 as n_others,
        min(level) over others as lowest,
        max(level) over others as highest
    from {{ ref('int_rates') }}
    where source_sheet = 'reported_rates' and restriction is null
    window others as (
        partition by condition, outcome, arm, scale
        rows between unbounded preceding and unbounded following exclude current row
    )
),

-- Where the others agree within a factor of three and this one is as far from all of them.
scaled as (
    select
        *,
        list_filter(
            {{ denominator_factors() }},
            lambda factor: (factor > 1 or scale != 'logit' or (factor = 0.01 and shown <= 1))
            and level - ln(factor) between lowest - ln(1.5) and highest + ln(1.5)
        )[1] as factor,
        if(
            scale = 'logit',
            null,
            {{ times_within('exp(-level)', 'exp(-highest) / 1.5', 'exp(-lowest) * 1.5') }}[1]
        ) as other_time
    from levels
    where
        n_others >= 3
        and highest - lowest <= ln(3)
        and (level > highest + ln(3) or level < lowest - ln(3))
),

final as (
    select
        scaled.sheet,
        scaled.row_number,
        scaled.row_id,
        if(scale = 'logit', 'percent_unlike_its_set', 'rate_unlike_its_set') as rule,
        if(scale = 'logit', 'percent', 'rate, rate_unit') as columns,
        concat_ws(' ', shown || if(scale = 'logit', '%', ''), rate_unit) as printed,
        exp(lowest + level_of_unit) as implied_low,
        exp(highest + level_of_unit) as implied_high,
        'the other ' || n_others || ' of its set lie between ' || {{ show('implied_low') }}
        || ' and ' || {{ show('implied_high') }} || coalesce(' ' || rate_unit, '%')
        || coalesce({{ in_other_denominators('factor') }}, '') as why,
        case
            when scale = 'logit' and factor < 1
                then 'it is typed as a fraction: ' || {{ show('shown / factor') }} || '%'
            when scale = 'logit'
                then 'it is per ' || {{ amount_in_words('100 * factor') }} || ': '
                    || {{ show('shown / factor') }} || '%'
            else
                'it is per ' || concat_ws(
                    ', or per ',
                    {{ amount_in_words(amount_of_time('rate_unit') ~ ' * factor') }} || ' '
                    || time_unit || ': ' || {{ show('shown / factor') }} || ' ' || rate_unit,
                    {{ amount_in_words(amount_of_time('rate_unit')) }} || ' ' || other_time
                )
        end as candidate
    from scaled
    inner join typed on scaled.row_number = typed.row_number
    where scaled.factor is not null or scaled.other_time is not null
)

select * from final
