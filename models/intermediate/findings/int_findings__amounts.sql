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
        effects.measure_unit,
        count(*) over (partition by numbers.condition, numbers.outcome) - 1 as n_others
    from {{ ref('int_comparable_numbers') }} as numbers
    inner join {{ ref('int_adjudicated_effects') }} as effects
        on numbers.row_number = effects.row_number
    where
        numbers.sheet = 'reported_effects'
        and numbers.family = 'ratio'
        and numbers.y != 0
        and effects.restriction is null
),

amounts as (
    select
        condition,
        outcome,
        measure_unit,
        count(*) as n_rows,
        min(abs(y)) as nearest,
        max(abs(y)) as furthest
    from ratios
    where measure_unit is not null
    group by condition, outcome, measure_unit
),

-- The amount that most of the others have.
usual as (
    select distinct on (ratios.row_number)
        ratios.*,
        amounts.measure_unit as usual_amount,
        amounts.nearest,
        amounts.furthest,
        amounts.n_rows
        - if(ratios.measure_unit is not distinct from amounts.measure_unit, 1, 0) as n_usual,
        {{ times_of_amounts('usual_amount', 'ratios.measure_unit') }} as times
    from ratios
    inner join amounts
        on ratios.condition = amounts.condition and ratios.outcome = amounts.outcome
    where n_usual > 0
    order by ratios.row_number, n_usual desc, amounts.measure_unit
),

-- Of an own amount that is no number of theirs, the row itself is none of their kind.
counted as (
    select
        usual.*,
        sum(amounts.n_rows) filter (
            {{ times_of_amounts('usual.usual_amount', 'amounts.measure_unit') }} is not null
        ) as n_of_kind
    from usual
    inner join amounts
        on usual.condition = amounts.condition and usual.outcome = amounts.outcome
    group by all
),

found as (
    select
        *,
        'amount_unlike_its_set' as rule,
        'it would be ' || printf('%.3g', exp(times * y)) || ' ' || usual_amount || ', where '
        || n_usual || ' others are ' || printf('%.3g', exp(nearest * sign(y))) || ' to '
        || printf('%.3g', exp(furthest * sign(y))) || ', and it lies among them as it is' as why,
        'it is ' || usual_amount as candidate
    from counted
    where
        n_usual >= 2
        -- Amounts nearer than this make less of a difference than studies do.
        and (times >= 3 or times <= 1 / 3)
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
