-- Grain: one row per published count, with the range of unrounded values behind each printed
-- percentage, value and limit. Numerators and denominators are exact.
with

counts as (
    select * from {{ ref('stg_published__counts') }}
),

centres as (
    select
        *,
        coalesce(percent, value) as centre,
        if(percent is null, value_decimals, percent_decimals) as centre_decimals,
        coalesce(percent_printed, value_printed) as centre_printed,
        range_low_printed || ' to ' || range_high_printed as range_printed,
        percent is not null or topic in (
            'dropout', 'adherence', 'completion', 'satisfaction', 'response', 'remission'
        ) as is_rate
    from counts
),

final as (
    select
        count_id,
        section,
        topic,
        item,
        condition,
        interval_kind,
        row_number,
        is_rate,
        numerator,
        denominator,
        percent,
        value,
        centre,
        range_low,
        range_high,
        percent_printed,
        centre_printed,
        range_printed,
        numerator_printed || ' of ' || denominator_printed as fraction_printed,
        {%- for column in ['percent', 'centre', 'range_low', 'range_high'] %}
        {{ smallest(column) }} as {{ column }}_min,
        {{ largest(column) }} as {{ column }}_max,
        {%- endfor %}
        if(is_rate, 'percent', 'unit of the value') as unit,
        range_low_min <= range_high_max + {{ slack() }} as is_in_order
    from centres
)

select * from final
