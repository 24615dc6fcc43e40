-- Grain: one row per row of a sheet and quantity that is far from the others of its group. How far
-- is far follows from all groups together, so that small groups are judged by the spread of all:
-- the distance from the median of the others, in robust standard deviations.
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

final as (
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
)

select * from final
