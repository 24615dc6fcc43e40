-- Grain: one row per published count and rule that applies to it: share and fraction, bounds of a
-- percentage, order of limits, value or median inside its range, study flow.
with

counts as (
    select * from {{ ref('int_published_count_ranges') }}
),

fractions as (
    select
        count_id,
        'percent_equals_fraction' as rule,
        percent_printed as printed_value,
        100 * numerator / nullif(denominator, 0) as implied_low,
        implied_low as implied_high,
        'percent' as implied_unit,
        implied_low between percent_min - {{ slack() }} and percent_max + {{ slack() }}
            as is_possible,
        if(implied_low is null, 'the denominator is zero', null) as obstacle,
        fraction_printed || ' is ' || printf('%.4f', implied_low) || ' percent; printed: '
        || percent_printed || '.' as fact,
        section
    from counts
    where percent is not null and numerator is not null and denominator is not null
),

bounds as (
    select
        count_id,
        'percent_within_0_100' as rule,
        concat_ws('; ', fraction_printed, percent_printed, if(is_rate, range_printed, null))
            as printed_value,
        0 as implied_low,
        100 as implied_high,
        'percent' as implied_unit,
        coalesce(numerator between 0 and denominator, true)
        and coalesce(percent_max >= 0 and percent_min <= 100, true)
        and coalesce(not is_rate or (range_low_max >= 0 and range_low_min <= 100), true)
        and coalesce(not is_rate or (range_high_max >= 0 and range_high_min <= 100), true)
            as is_possible,
        cast(null as varchar) as obstacle,
        'Printed: ' || printed_value || '.' as fact,
        section
    from counts
    where
        percent is not null
        or (numerator is not null and denominator is not null)
        or (is_rate and range_low is not null and range_high is not null)
),

limits_in_order as (
    select
        count_id,
        'interval_limits_in_order' as rule,
        range_printed as printed_value,
        cast(null as double) as implied_low,
        range_high_max as implied_high,
        unit as implied_unit,
        is_in_order as is_possible,
        if(is_in_order is null, 'only one limit is printed', null) as obstacle,
        'The lower limit ' || {{ show('range_low') }} || ' may be at most '
        || {{ show('range_high_max') }} || ', the largest value that prints as the upper limit.'
            as fact,
        section
    from counts
    where range_low is not null or range_high is not null
),

inside as (
    select
        count_id,
        if(interval_kind = 'iqr', 'median_inside_iqr', 'value_inside_range') as rule,
        centre_printed || ' (' || range_printed || ')' as printed_value,
        range_low_min as implied_low,
        range_high_max as implied_high,
        unit as implied_unit,
        centre_max >= range_low_min - {{ slack() }}
        and centre_min <= range_high_max + {{ slack() }} as is_possible,
        if(is_in_order, null, 'the printed limits are in the wrong order') as obstacle,
        'The value ' || centre_printed || ' has the limits ' || range_printed || '.' as fact,
        section
    from counts
    where centre is not null and range_low is not null and range_high is not null
),

-- The stages of the main branch; what joins it from another one may make it grow.
flow as (
    select
        counts.*,
        lag(counts.value) over (order by boxes.stage_order) as previous_value,
        lag(counts.item) over (order by boxes.stage_order) as previous_item
    from counts
    inner join {{ ref('int_flow_boxes') }} as boxes on counts.row_number = boxes.stage_row
    where
        boxes.source = 'published'
        and (boxes.branch = 'main' or (boxes.branch = 'joined' and not boxes.has_other_branch))
),

flow_order as (
    select
        count_id,
        'flow_does_not_increase' as rule,
        centre_printed as printed_value,
        0 as implied_low,
        previous_value as implied_high,
        'count' as implied_unit,
        value <= previous_value as is_possible,
        cast(null as varchar) as obstacle,
        'After ' || {{ show('previous_value') }} || ' (' || replace(previous_item, '_', ' ')
        || ') come ' || {{ show('value') }} || ' (' || replace(item, '_', ' ') || ').' as fact,
        section
    from flow
    where previous_value is not null
),

checks as (
    select * from fractions
    union all by name
    select * from bounds
    union all by name
    select * from limits_in_order
    union all by name
    select * from inside
    union all by name
    select * from flow_order
),

final as (
    select
        'count' as subject_kind,
        count_id as subject_id,
        cast(null as varchar) as claim_id,
        cast(null as varchar) as other_claim_id,
        cast(null as double) as statistic,
        cast(null as double) as p_value,
        *
    from checks
)

select {{ check_columns() | join(', ') }} from final
