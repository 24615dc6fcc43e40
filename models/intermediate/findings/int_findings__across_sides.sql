-- Grain: one row per row of a sheet that points the other way than all or nearly all it could agree
-- with: its number, or the direction that is said to be favourable.
with

numbers as (
    select * from {{ ref('int_comparable_numbers') }}
    where y is not null and not {{ is_of_rates('scale') }}
),

-- The others of the source, or of the condition; rows against an active comparator stand alone.
counted as (
    {%- for name, words, keys in [
        ('source', 'of its source', 'sheet, meta_analysis_id, outcome, scale, is_against_active'),
        ('topic', 'on this condition and outcome', 'sheet, condition, outcome, scale'),
    ] %}
    select
        *,
        '{{ words }}' as others,
        '{{ name }}' as kind,
        count(*) filter (y > 0) over others - if(y > 0, 1, 0) as n_above,
        count(*) filter (y < 0) over others - if(y < 0, 1, 0) as n_below,
        median(y) over (
            partition by {{ keys }}
            rows between unbounded preceding and unbounded following exclude current row
        ) as middle
    from numbers
    window others as (partition by {{ keys }})
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

spread as (
    select
        kind,
        family,
        {{ greatest_of(['0.1', '1.4826 * median(abs(y - middle))']) }} as spread
    from counted
    group by kind, family
),

placed as (
    select
        counted.*,
        -- A small effect may lie on either side; one that was turned lies far from the others.
        abs(y - middle) > 2.5 * sqrt(spread.spread ** 2 + coalesce(se, 0) ** 2) as is_far,
        if(y > 0, n_above, n_below) as n_with,
        if(y > 0, n_below, n_above) as n_against,
        if(y > 0, y_low > 0, y_high < 0) as is_clear,
        if(y > 0, y_low, -y_high) > -0.5 * abs(y) as is_nearly_clear
    from counted
    inner join spread on counted.kind = spread.kind and counted.family = spread.family
),

against_the_others as (
    select
        sheet,
        row_number,
        row_id,
        if(
            coalesce(is_clear, false) and is_far and n_against >= 5, 'clearly_against_the_others',
            'against_the_others'
        ) as rule,
        columns,
        printed,
        favourable_direction,
        others,
        n_with,
        n_against,
        row_number() over (
            partition by sheet, row_number order by coalesce(is_clear, false) desc, n_against desc
        ) as place
    from placed
    where
        y != 0
        and (
            (
                kind = 'source' and n_with = 0 and n_against >= 2
                and abs(y - middle) > 2 * coalesce(se, 0)
            )
            or (is_clear and n_against >= 5 and n_with <= 0.1 * n_against)
            or (is_nearly_clear and n_against >= 4 and n_with = 0)
        )
),

directions as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        meta_analysis_id,
        concat_ws(' / ', measure, outcome) as convention,
        favourable_direction
    from {{ ref('int_adjudicated_effects') }}

    union all

    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        source as meta_analysis_id,
        concat_ws(' / ', dataset, measure, outcome, instrument) as convention,
        favourable_direction
    from {{ ref('stg_extraction__primary_studies') }}
),

conventions as (
    select
        *,
        count(*) over (partition by sheet, meta_analysis_id, convention) as n_rows,
        count(*) over (
            partition by sheet, meta_analysis_id, convention, favourable_direction
        ) as n_equal
    from directions
    where favourable_direction is not null and favourable_direction != 'unclear'
),

-- A ratio that its direction turns round, by the polarity of its outcome: only so does it lie on
-- the other side than nearly all others of the outcome.
turned as (
    select
        numbers.*,
        {{ contrast_sign(
            benefit_sign('numbers.favourable_direction'), 'numbers.favourable_direction',
            'outcomes.polarity'
        ) }} = -1 as is_turned,
        count(*) filter (numbers.y > 0) over others as n_above,
        count(*) filter (numbers.y < 0) over others as n_below
    from numbers
    inner join {{ ref('int_outcomes') }} as outcomes on numbers.outcome = outcomes.outcome
    where numbers.sheet = 'reported_effects' and numbers.family = 'ratio'
    window others as (partition by numbers.sheet, numbers.outcome)
),

turned_alone as (
    select
        *,
        if(y > 0, n_above - 1, n_below - 1) as n_with,
        if(y > 0, n_below, n_above) as n_against
    from turned
    where is_turned and y != 0
),

final as (
    select
        sheet,
        row_number,
        row_id,
        'direction_unlike_its_outcome' as rule,
        'favourable_direction' as columns,
        concat_ws(', favourable: ', printed, replace(favourable_direction, '_', ' ')) as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'so the source compares the other way round, and its ratio is turned: '
        || printf('%.3g', exp(y)) || ', where ' || n_against
        || ' others of the outcome lie on the other side, as it does before it is turned' as why,
        'the direction is reversed' as candidate
    from turned_alone
    where n_against >= 3 and n_with <= 0.1 * n_against

    union all

    select
        sheet,
        row_number,
        row_id,
        rule,
        columns,
        concat_ws(', favourable: ', printed, replace(favourable_direction, '_', ' ')) as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        n_against || ' other rows ' || others || ' point the other way, ' || n_with
        || ' point this way' as why,
        'the sign, the direction or the groups are turned' as candidate
    from against_the_others
    where place = 1

    union all

    select
        sheet,
        row_number,
        row_id,
        'direction_unlike_its_source' as rule,
        'favourable_direction, estimate' as columns,
        replace(favourable_direction, '_', ' ') as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        (n_rows - n_equal) || ' of ' || n_rows
        || ' rows of this source and measure have the other direction' as why,
        'the direction is reversed' as candidate
    from conventions
    where n_equal <= n_rows - n_equal
)

select * from final
