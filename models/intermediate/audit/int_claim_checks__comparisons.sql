-- Grain: one row per statement that sets one published claim against another.
--
-- Assumptions: the two pools are independent; Q between them = (a - b)^2 / (se_a^2 + se_b^2) with
-- one degree of freedom, on the log scale for ratios.
-- Nuance: "a is greater" conflicts when no unrounded values give p < 0.05 in that direction;
-- "no difference" conflicts when all of them give p < 0.05.
{%- set alpha = 0.05 %}
with

comparisons as (
    select * from {{ ref('stg_published__comparisons') }}
),

claims as (
    select * from {{ ref('int_published_claim_ranges') }}
),

pairs as (
    select
        comparisons.comparison_id,
        comparisons.claim_id_a,
        comparisons.claim_id_b,
        comparisons.stated,
        comparisons.strength,
        comparisons.section,
        a.claim_id,
        b.claim_id as other_claim_id,
        a.claim_printed || ' against ' || b.claim_printed as printed_value,
        case
            when a.claim_id is null or b.claim_id is null
                then 'one of the two is not among the published claims'
            when a.measure != b.measure
                then 'the measures ' || a.measure || ' and ' || b.measure || ' differ'
            when a.outcome != b.outcome
                then 'the outcomes ' || a.outcome || ' and ' || b.outcome || ' differ'
            when a.interval_fault is not null
                then 'claim ' || a.claim_id || ' has no usable standard error: ' || a.interval_fault
            when b.interval_fault is not null
                then 'claim ' || b.claim_id || ' has no usable standard error: ' || b.interval_fault
        end as missing_quantity,
        a.estimate_scaled - b.estimate_scaled as difference,
        a.estimate_scaled_min - b.estimate_scaled_max as difference_min,
        a.estimate_scaled_max - b.estimate_scaled_min as difference_max,
        sqrt(a.se * a.se + b.se * b.se) as se,
        sqrt(a.se_min * a.se_min + b.se_min * b.se_min) as se_min,
        sqrt(a.se_max * a.se_max + b.se_max * b.se_max) as se_max
    from comparisons
    left join claims as a on comparisons.claim_id_a = a.claim_id
    left join claims as b on comparisons.claim_id_b = b.claim_id
),

distances as (
    select
        *,
        difference / nullif(se, 0) as z,
        {{ greatest_of(['abs(difference_min)', 'abs(difference_max)']) }}
        / nullif(se_min, 0) as z_far,
        if(
            difference_min <= 0 and difference_max >= 0,
            0,
            {{ least_of(['abs(difference_min)', 'abs(difference_max)']) }} / nullif(se_max, 0)
        ) as z_near,
        difference_max / nullif(se_min, 0) as z_in_favour
    from pairs
    where missing_quantity is null
),

tests as (
    select
        *,
        z * z as q_between,
        p_from_z(z) as p_value,
        coalesce(p_from_z(z_far), 0) as p_low,
        p_from_z(z_near) as p_high,
        coalesce(p_from_z(z_in_favour), 0) as p_in_favour
    from distances
),

final as (
    select
        'comparison' as subject_kind,
        pairs.comparison_id as subject_id,
        pairs.claim_id,
        pairs.other_claim_id,
        'asserted_difference_supported' as rule,
        pairs.printed_value,
        tests.p_low as implied_low,
        tests.p_high as implied_high,
        'P value' as implied_unit,
        tests.q_between as statistic,
        tests.p_value,
        case pairs.stated
            when 'a_greater' then tests.difference_max > 0 and tests.p_in_favour < {{ alpha }}
            when 'no_difference' then tests.p_high >= {{ alpha }}
        end as is_possible,
        coalesce(
            pairs.missing_quantity,
            if(
                pairs.strength = 'hedged',
                'the difference is stated with a reservation, which no number can contradict (Q = '
                || printf('%.2f', tests.q_between) || ', P = '
                || {{ show_p('tests.p_value') }} || ')',
                null
            )
        ) as obstacle,
        case pairs.stated
            when 'a_greater'
                then
                    pairs.claim_id_a || ' is said to be '
                    || if(pairs.strength = 'significantly', 'significantly ', '')
                    || 'greater than ' || pairs.claim_id_b
            else pairs.claim_id_a || ' and ' || pairs.claim_id_b || ' are said not to differ'
        end || ': difference ' || {{ show('tests.difference') }} || ', Q = '
        || printf('%.2f', tests.q_between) || ', P = ' || {{ show_p('tests.p_value') }}
        || '; over all roundings P runs from ' || {{ show_p('tests.p_low') }} || ' to '
        || {{ show_p('tests.p_high') }} || '.' as fact,
        pairs.section
    from pairs
    left join tests on pairs.comparison_id = tests.comparison_id
)

select {{ check_columns() | join(', ') }} from final
