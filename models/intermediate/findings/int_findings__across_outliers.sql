-- Grain: one row per row of a sheet and quantity that is far from the others of its group. How far
-- is far follows from all groups together, so that small groups are judged by the spread of all:
-- the distance from the median of the others, in robust standard deviations. And one row per rate
-- that would lie among the others of its set in other denominators.
{% set quantities = across_quantities() %}
with

numbers as (
    select * from {{ ref('int_comparable_numbers') }}
    where y is not null
),

effects as (
    select
        'reported_effects' as sheet,
        effect_id as row_id,
        *
    from {{ ref('int_adjudicated_effects') }}
),

rates as (
    select
        'reported_rates' as sheet,
        rate_id as row_id,
        *
    from {{ ref('stg_extraction__reported_rates') }}
),

trials as (
    select
        'primary_studies' as sheet,
        comparison_id as row_id,
        *
    from {{ ref('stg_extraction__primary_studies') }}
),

meta_analyses as (
    select
        'meta_analyses' as sheet,
        meta_analysis_id as row_id,
        *
    from {{ ref('stg_extraction__meta_analyses') }}
),

compared as (
    {%- for of in quantities %}
    select
        '{{ of.name }}' as quantity,
        {{ "coalesce(family, '')" if of.table == 'numbers' else "''" }} as family,
        concat_ws(
            ' / ', '-'
            {%- for key in of.group %},
            {{ key }}
            {%- endfor %}
        ) as compared_with,
        sheet,
        row_number,
        row_id,
        {{ of.value }} as number,
        coalesce({{ of.error }}, 0) as error,
        {{ of.least }} as least_spread,
        {{ of.least_far }} as least_far,
        {{ of.columns }} as columns,
        {{ of.printed }} as printed,
        '{{ of.unit }}' as unit,
        '{{ of.why }}' as why
    from {{ of.table }}
    where {{ of.where }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

placed as (
    select
        *,
        median(number) over (
            partition by quantity, family, compared_with
            rows between unbounded preceding and unbounded following exclude current row
        ) as middle
    from compared
    qualify count(*) over (partition by quantity, family, compared_with) >= 3
),

spread as (
    select
        quantity,
        family,
        {{ greatest_of(['max(least_spread)', '1.4826 * median(abs(number - middle))']) }} as spread
    from placed
    group by quantity, family
    having count(*) >= 8
),

measured as (
    select
        placed.*,
        sqrt(spread.spread ** 2 + placed.error ** 2) as step,
        (number - middle) / step as steps,
        abs(number - middle)
        > 8 * sqrt({{ greatest_of(['spread.spread', 'least_far']) }} ** 2 + placed.error ** 2)
            as is_far
    from placed
    inner join spread
        on placed.quantity = spread.quantity and placed.family = spread.family
),

-- Rates of one group and outcome, by their logarithms.
levels as (
    select
        'reported_rates' as sheet,
        row_number,
        row_id,
        scale,
        rate_unit,
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
            lambda factor: (factor > 1 or scale != 'logit')
            and level - ln(factor) between lowest - ln(1.5) and highest + ln(1.5)
        )[1] as factor
    from levels
    where
        n_others >= 3
        and highest - lowest <= ln(3)
        and (level > highest + ln(3) or level < lowest - ln(3))
),

in_other_denominators as (
    select
        sheet,
        row_number,
        row_id,
        if(scale = 'logit', 'percent_unlike_its_set', 'rate_unlike_its_set') as rule,
        if(scale = 'logit', 'percent', 'rate, rate_unit') as columns,
        concat_ws(' ', shown || if(scale = 'logit', '%', ''), rate_unit) as printed,
        exp(lowest + level_of_unit) as implied_low,
        exp(highest + level_of_unit) as implied_high,
        'the other ' || n_others || ' of its set lie between ' || {{ show('implied_low') }}
        || ' and ' || {{ show('implied_high') }} || coalesce(' ' || rate_unit, '%')
        || {{ in_other_denominators('factor') }} as why,
        'it is per ' || if(
            scale = 'logit',
            {{ amount_in_words('100 * factor') }},
            {{ amount_in_words(amount_of_time('rate_unit') ~ ' * factor') }}
            || ' ' || {{ time_of_unit('rate_unit') }}
        ) || ': ' || {{ show('shown / factor') }} || coalesce(' ' || rate_unit, '%') as candidate
    from scaled
    where factor is not null
),

from_the_others as (
    select
        sheet,
        row_number,
        row_id,
        if(
            is_far and quantity != 'effect in its source', 'far_from_the_others',
            'unlike_the_others'
        ) as rule,
        columns,
        printed,
        {%- for sign, limit in [('-', 'low'), ('+', 'high')] %}
        case unit
            when 'exp' then exp(middle {{ sign }} 3.5 * step)
            when 'percent' then 100 / (1 + exp(-(middle {{ sign }} 3.5 * step)))
        end as implied_{{ limit }},
        {%- endfor %}
        why || ': ' || printf('%.1f', abs(steps))
        || ' robust standard deviations from their median' as why,
        case
            when not starts_with(quantity, 'effect') then null
            when abs(number + middle) < 2 * step
                then 'the sign, the direction or the groups are turned'
            when family = 'smd' and abs(number / 10 - middle) < 2 * step
                then 'the point is one place too far right'
        end as candidate
    from measured
    where abs(steps) > 3.5
    qualify
        row_number() over (
            partition by sheet, row_number, columns
            order by quantity = 'effect in its source', abs(steps) desc, quantity
        ) = 1
),

final as (
    select * from from_the_others
    union all by name
    select * from in_other_denominators
)

select * from final
