-- Grain: one row per published claim and rule of its interval; the P value rule only where the
-- review prints a P value.
with

claims as (
    select
        *,
        -- |z| over every combination of unrounded values.
        {{ greatest_of(['abs(estimate_scaled_min)', 'abs(estimate_scaled_max)']) }} as distance_max,
        if(
            estimate_scaled_min <= 0 and estimate_scaled_max >= 0,
            0,
            {{ least_of(['abs(estimate_scaled_min)', 'abs(estimate_scaled_max)']) }}
        ) as distance_min
    from {{ ref('int_published_claim_ranges') }}
),

limits_in_order as (
    select
        claim_id,
        'interval_limits_in_order' as rule,
        interval_printed as printed_value,
        cast(null as double) as implied_low,
        ci_high_max as implied_high,
        measure as implied_unit,
        cast(null as double) as statistic,
        cast(null as double) as implied_p,
        is_in_order as is_possible,
        if(is_in_order is null, scale_fault, null) as obstacle,
        'The lower limit ' || {{ show('ci_low') }} || ' may be at most '
        || {{ show('ci_high_max') }} || ', the largest value that prints as the upper limit.'
            as fact,
        section
    from claims
),

inside as (
    select
        claim_id,
        'estimate_inside_interval' as rule,
        claim_printed as printed_value,
        ci_low_min as implied_low,
        ci_high_max as implied_high,
        measure as implied_unit,
        cast(null as double) as statistic,
        cast(null as double) as implied_p,
        is_inside as is_possible,
        case
            when is_inside is null then scale_fault
            when not is_in_order then 'the printed limits are in the wrong order'
        end as obstacle,
        'The estimate ' || estimate_printed || ' has the interval ' || interval_printed
        || ', at its widest before rounding ' || {{ show('ci_low_min') }} || ' to '
        || {{ show('ci_high_max') }} || '.' as fact,
        section
    from claims
),

symmetry as (
    select
        claim_id,
        'interval_symmetric_on_its_scale' as rule,
        claim_printed as printed_value,
        if(scale = 'log', exp(midpoint_min), midpoint_min) as implied_low,
        if(scale = 'log', exp(midpoint_max), midpoint_max) as implied_high,
        measure as implied_unit,
        cast(null as double) as statistic,
        cast(null as double) as implied_p,
        is_symmetric as is_possible,
        scale_fault as obstacle,
        'The middle of ' || interval_printed || if(scale = 'log', ' on the log scale', '')
        || ' lies between ' || {{ show('implied_low') }} || ' and ' || {{ show('implied_high') }}
        || '; the estimate prints as ' || estimate_printed || '.' as fact,
        section
    from claims
),

p_ranges as (
    select
        *,
        estimate_scaled / nullif(se, 0) as z,
        p_from_z(estimate_scaled / nullif(se, 0)) as implied_p,
        if(se_min > 0, p_from_z(distance_max / nullif(se_min, 0)), 0) as p_low,
        p_from_z(distance_min / nullif(se_max, 0)) as p_high
    from claims
    where p_value is not null
),

p_consistent as (
    select
        claim_id,
        'p_consistent_with_interval' as rule,
        'P ' || p_operator || ' ' || p_value_printed as printed_value,
        p_low as implied_low,
        p_high as implied_high,
        'P value' as implied_unit,
        z as statistic,
        implied_p,
        case
            when p_operator in ('<', '<=') or p_value <= {{ least_p() }}
                then p_low <= p_value + {{ slack() }}
            when p_operator in ('>', '>=') then p_high >= p_value - {{ slack() }}
            else p_value_max >= p_low - {{ slack() }} and p_value_min <= p_high + {{ slack() }}
        end as is_possible,
        interval_fault as obstacle,
        claim_printed || ' gives z = ' || printf('%.3f', z) || ' and P = '
        || {{ show_p('implied_p') }} || '; over all roundings P runs from '
        || {{ show_p('p_low') }} || ' to ' || {{ show_p('p_high') }}
        || '. Printed: P ' || p_operator || ' ' || p_value_printed || '.' as fact,
        section
    from p_ranges
),

checks as (
    select * from limits_in_order
    union all by name
    select * from inside
    union all by name
    select * from symmetry
    union all by name
    select * from p_consistent
),

final as (
    select
        'claim' as subject_kind,
        claim_id as subject_id,
        cast(null as varchar) as other_claim_id,
        * rename (implied_p as p_value)
    from checks
)

select {{ check_columns() | join(', ') }} from final
