-- Grain: one row per published overall range (item 'overall', all conditions) of a topic.
--
-- Assumptions: a range over all conditions must hold every value and every range that the review
-- prints for one condition under the same topic. Confidence intervals of a part do not count: the
-- range is one of observed values.
with

counts as (
    select
        *,
        condition in {{ codes_of('conditions', ['all']) }} as is_of_all_conditions
    from {{ ref('int_published_count_ranges') }}
),

overall as (
    select * from counts
    where
        item = 'overall' and is_of_all_conditions and interval_kind = 'range'
        and range_low is not null and range_high is not null
),

-- A part's numbers, each as the range of unrounded values.
part_numbers as (
    select
        count_id,
        topic,
        centre as number,
        centre_min as number_min,
        centre_max as number_max
    from counts
    where not is_of_all_conditions and centre is not null

    union all

    select
        count_id,
        topic,
        range_low as number,
        range_low_min as number_min,
        range_low_max as number_max
    from counts
    where not is_of_all_conditions and interval_kind = 'range' and range_low is not null

    union all

    select
        count_id,
        topic,
        range_high as number,
        range_high_min as number_min,
        range_high_max as number_max
    from counts
    where not is_of_all_conditions and interval_kind = 'range' and range_high is not null
),

compared as (
    select
        overall.*,
        part_numbers.count_id as part_id,
        part_numbers.number as part_number,
        part_numbers.number_max >= overall.range_low_min - {{ slack() }}
        and part_numbers.number_min <= overall.range_high_max + {{ slack() }} as is_held
    from overall
    left join part_numbers on overall.topic = part_numbers.topic
),

summed as (
    select
        count_id,
        section,
        range_printed,
        unit,
        min(part_number) as implied_low,
        max(part_number) as implied_high,
        count(part_id) as n_numbers,
        bool_and(is_held) as is_possible,
        string_agg(
            part_id || ' (' || {{ show('part_number') }} || ')', ', ' order by part_id, part_number
        ) filter (not is_held) as outside
    from compared
    group by all
),

final as (
    select
        'count' as subject_kind,
        count_id as subject_id,
        cast(null as varchar) as claim_id,
        cast(null as varchar) as other_claim_id,
        'range_contains_part' as rule,
        range_printed as printed_value,
        implied_low,
        implied_high,
        unit as implied_unit,
        cast(null as double) as statistic,
        cast(null as double) as p_value,
        is_possible,
        if(n_numbers = 0, 'the review prints no number for a single condition', null) as obstacle,
        'The overall range is ' || range_printed || '; the numbers of single '
        || review.conditions_word || ' run from '
        || {{ show('implied_low') }} || ' to ' || {{ show('implied_high') }}
        || coalesce('. Outside: ' || outside, '') || '.' as fact,
        section
    from summed
    cross join {{ ref('int_review') }} as review
)

select {{ check_columns() | join(', ') }} from final
