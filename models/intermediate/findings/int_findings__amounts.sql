-- Grain: one row per ratio of an effect and rule whose amount of an exposure is not that of the
-- others on its condition and outcome: another amount under which it would lie far from them, while
-- it lies among them as it is; or none that is a number of theirs.
with

ratios as (
    select
        numbers.sheet,
        numbers.row_number,
        numbers.row_id,
        numbers.condition,
        numbers.outcome,
        numbers.printed,
        numbers.y,
        effects.measure_unit
    from {{ ref('int_comparable_numbers') }} as numbers
    inner join {{ ref('int_adjudicated_effects') }} as effects
        on numbers.row_number = effects.row_number
    where
        numbers.sheet = 'reported_effects'
        and numbers.family = 'ratio'
        and numbers.y != 0
        and effects.restriction is null
),

-- The amount that most of the others have.
usual as (
    select distinct on (ratios.row_number)
        ratios.*,
        others.measure_unit as usual_amount,
        count(*) as n_usual,
        min(abs(others.y)) as nearest,
        max(abs(others.y)) as furthest
    from ratios
    inner join ratios as others
        on
            ratios.condition = others.condition
            and ratios.outcome = others.outcome
            and ratios.row_number != others.row_number
    where others.measure_unit is not null
    group by all
    order by ratios.row_number, n_usual desc, others.measure_unit
),

counted as (
    select
        usual.*,
        count(others.row_number) as n_others,
        count({{ times_of_amounts('usual.usual_amount', 'others.measure_unit') }}) as n_of_kind,
        {{ times_of_amounts('usual.usual_amount', 'usual.measure_unit') }} as times
    from usual
    inner join ratios as others
        on
            usual.condition = others.condition
            and usual.outcome = others.outcome
            and usual.row_number != others.row_number
    group by all
),

found as (
    select
        *,
        'amount_unlike_its_set' as rule,
        'it would be ' || printf('%.3g', exp(times * y)) || ' ' || usual_amount
        || ', as far from no effect as none of ' || n_usual || ' others: '
        || printf('%.3g', exp(nearest * sign(y))) || ' to '
        || printf('%.3g', exp(furthest * sign(y))) || ', where it lies as it is' as why,
        'it is ' || usual_amount as candidate
    from counted
    where
        n_usual >= 2
        and abs(y) between nearest / 2 and 2 * furthest
        and not abs(times * y) between nearest / 2 and 2 * furthest

    union all by name

    select
        *,
        'amount_missing' as rule,
        n_of_kind || ' of ' || n_others || ' other ratios on this condition and outcome are '
        || usual_amount || ', or per another number of it: this one cannot be pooled with them'
            as why
    from counted
    where times is null and n_of_kind >= 3 and 4 * n_of_kind >= 3 * n_others
),

final as (
    select
        sheet,
        row_number,
        row_id,
        rule,
        'measure_unit' as columns,
        concat_ws(' ', printed, measure_unit) as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        why,
        candidate
    from found
)

select * from final
