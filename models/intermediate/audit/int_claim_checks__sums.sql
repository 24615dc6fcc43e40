-- Grain: one row per sum of the sheet published_parts.
--
-- Assumptions: counts are exact; percentages carry their rounding, except a whole that is given in
-- the sheet itself (100 percent).
with

parts as (
    select * from {{ ref('stg_published__parts') }}
),

counts as (
    select * from {{ ref('stg_published__counts') }}
),

claims as (
    select * from {{ ref('stg_published__claims') }}
),

numbers as (
    select
        parts.*,
        claims.claim_id as known_claim_id,
        case parts.field
            when 'numerator' then counts.numerator
            when 'denominator' then counts.denominator
            when 'percent' then counts.percent
            when 'value' then counts.value
            when 'k_studies' then counts.k_studies
            when 'k_meta_analyses' then claims.k_meta_analyses
            else parts.value
        end as number,
        case
            when parts.unit = 'count' or (parts.part_kind = 'whole' and parts.field is null) then 0
            when parts.field = 'percent' then 0.5 * power(10, -counts.percent_decimals)
            when parts.field = 'value' then 0.5 * power(10, -counts.value_decimals)
            when parts.field is null then 0.5 * power(10, -parts.value_decimals)
            else 0
        end as rounding
    from parts
    left join counts on parts.count_id = counts.count_id
    left join claims on parts.claim_id = claims.claim_id
),

sums as (
    select
        sum_id,
        any_value(section order by part_order) as section,
        any_value(known_claim_id order by part_order) as claim_id,
        any_value(unit order by part_order) as unit,
        count(distinct unit) as n_units,
        count(*) as n_rows,
        any_value(n_rows_of_sum) as n_rows_of_sum,
        count(*) filter (number is null) as n_unknown,
        count(*) filter (part_kind = 'whole') as n_wholes,
        count(*) filter (part_kind = 'part') as n_parts,
        sum(number) filter (part_kind = 'whole') as whole,
        sum(rounding) filter (part_kind = 'whole') as whole_rounding,
        sum(number) filter (part_kind = 'part') as total,
        sum(rounding) filter (part_kind = 'part') as total_rounding,
        string_agg({{ show('number') }}, ' + ' order by part_order) filter (part_kind = 'part')
            as addends
    from numbers
    group by sum_id
),

final as (
    select
        'sum' as subject_kind,
        sum_id as subject_id,
        claim_id,
        cast(null as varchar) as other_claim_id,
        'parts_add_up' as rule,
        {{ show('whole') }} as printed_value,
        total - total_rounding as implied_low,
        total + total_rounding as implied_high,
        unit as implied_unit,
        cast(null as double) as statistic,
        cast(null as double) as p_value,
        abs(whole - total) <= whole_rounding + total_rounding + {{ slack() }} as is_possible,
        case
            when n_rows < n_rows_of_sum then 'a row of this sum was rejected'
            when n_wholes != 1 or n_parts = 0 then 'a sum needs one whole and at least one part'
            when n_units > 1 then 'the rows of this sum have different units'
            when n_unknown > 0 then 'a number that the sum refers to is not printed'
        end as obstacle,
        'The parts ' || addends || ' make ' || {{ show('total') }} || '; the whole is '
        || {{ show('whole') }} || '.' as fact,
        section
    from sums
)

select {{ check_columns() | join(', ') }} from final
