-- Grain: one row per row of a sheet, rule and columns: numbers that are not typed as their source,
-- or the sheet, types numbers: decimals, zeros, digits.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

typed_effects as (
    {{ sheet_rows('reported_effects', ['effect_id', 'estimate', 'ci_low', 'ci_high']) }}
),

-- The texts of numbers, with the decimals that the source prints elsewhere.
decimals as (
    select
        effects.row_number,
        effects.effect_id as row_id,
        effects.meta_analysis_id,
        effects.measure,
        effects.measure_family,
        typed_effects.estimate,
        typed_effects.ci_low,
        typed_effects.ci_high,
        {%- for column in ['estimate', 'ci_low', 'ci_high'] %}
        {{ decimals('typed_effects.' ~ column) }} as {{ column }}_decimals,
        {%- endfor %}
        {{ greatest_known(['estimate_decimals', 'ci_low_decimals', 'ci_high_decimals']) }} as most
    from (
        select
            effects.*,
            measures.measure_family
        from effects
        left join {{ ref('int_measures') }} as measures on effects.measure = measures.measure
    ) as effects
    inner join typed_effects on effects.row_number = typed_effects.row_number
),

spelt as (
    {%- for column in ['estimate', 'ci_low', 'ci_high'] %}
    select
        row_number,
        row_id,
        meta_analysis_id,
        measure_family,
        '{{ column }}' as column_name,
        {{ column }} as printed,
        {{ column }}_decimals as decimals
    from decimals
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

beside_others as (
    select
        *,
        count(*) over others as n_others,
        max(decimals) over others as most_of_others
    from spelt
    window others as (
        partition by meta_analysis_id, measure_family
        rows between unbounded preceding and unbounded following exclude current row
    )
),

-- Numbers that are printed with at least two decimals more in all other rows of their source: of a
-- hundred numbers with two more decimals one ends in two zeros, which a spreadsheet drops.
{% set printed_sizes = {
    'reported_effects': ('effect_id', 'meta_analysis_id', ['estimate', 'se']),
    'primary_studies': (
        'comparison_id', 'source', ['reported_g', 'reported_se', 'estimate', 'estimate_se']
    ),
} -%}
sized as (
    {%- for sheet, (id, source, columns) in printed_sizes.items() %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        concat_ws(' / ', {{ source }}, measure) as source,
        column_name,
        printed,
        {{ decimals('printed') }} as decimals
    from ({{ sheet_rows(sheet, [id, source, 'measure'] + columns) }})
    unpivot (printed for column_name in ({{ columns | join(', ') }}))
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

shortened as (
    select
        *,
        min(decimals) over others as fewest_of_others,
        count(*) over others as n_others
    from sized
    window others as (
        partition by sheet, source, column_name
        rows between unbounded preceding and unbounded following exclude current row
    )
),

-- A column whose standard errors are roots of variances with three decimals.
roots as (
    select
        trials.row_number,
        trials.comparison_id as row_id,
        trials.source,
        typed.reported_se as printed,
        -- a spreadsheet drops the last zeros, so that the most decimals are those of all
        0.5 * power(
            10, -max({{ decimals('typed.reported_se') }}) over (partition by trials.source)
        ) as rounding,
        floor(1000 * (trials.reported_se + rounding) ** 2)
        >= 1000 * (trials.reported_se - rounding) ** 2 as is_root,
        (trials.reported_se + rounding) ** 2 - (trials.reported_se - rounding) ** 2 as chance
    from trials
    inner join ({{ sheet_rows('primary_studies', ['comparison_id', 'reported_se']) }}) as typed
        on trials.row_number = typed.row_number
    where trials.reported_se is not null
),

rooted as (
    select
        *,
        avg(if(is_root, 1, 0)) over (partition by source) as share,
        count(*) over (partition by source) as n_of_source,
        1000 * avg(chance) over (partition by source) as usual_chance
    from roots
),

{% set wholes = {
    'meta_analyses': ('meta_analysis_id', ['n_trials', 'n_participants']),
    'reported_effects': (
        'effect_id', ['n_comparisons', 'n_total', 'n_intervention', 'n_control']
    ),
    'reported_rates': ('rate_id', ['n_studies', 'total', 'events']),
    'primary_studies': (
        'comparison_id', ['n_intervention', 'n_control', 'total_intervention', 'total_control']
    ),
} -%}
whole_numbers as (
    {%- for sheet, (id, columns) in wholes.items() %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        column_name,
        printed
    from ({{ sheet_rows(sheet, [id] + columns) }})
    unpivot (printed for column_name in ({{ columns | join(', ') }}))
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

-- Numbers that all other rows of a source have.
{% set usual_cells = ['n_comparisons', 'n_total', 'estimate', 'ci_low', 'ci_high', 'i2'] -%}
gaps as (
    {%- for column in usual_cells %}
    select
        row_number,
        effect_id as row_id,
        '{{ column }}' as columns,
        count(*) over (partition by meta_analysis_id) - 1 as n_others
    from effects
    {{ "where n_comparisons is distinct from 1" if column == 'i2' }}
    qualify
        {{ column }} is null
        and n_others >= 3
        and count({{ column }}) over (partition by meta_analysis_id) = n_others
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- One number of a source in two places, but for one slip of the finger.
counted as (
    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        meta_analysis_id as source,
        column_name,
        number,
        cast(number as varchar) as digits,
        if(column_name = 'n_trials', 'k', 'n') as quantity
    from meta_analyses
    unpivot (number for column_name in (n_trials, n_participants))
    union all
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        meta_analysis_id as source,
        column_name,
        number,
        cast(number as varchar) as digits,
        if(column_name = 'n_comparisons', 'k', 'n') as quantity
    from effects
    unpivot (number for column_name in (n_comparisons, n_total))
    where scope = 'overall'
),

near_copies as (
    select
        one.sheet,
        one.row_number,
        one.row_id,
        one.column_name as columns,
        one.number,
        arg_min(other.number, other.row_number) as other_number,
        arg_min(other.row_id, other.row_number) as other_id
    from counted as one
    inner join counted as other
        on
            one.source = other.source
            and one.quantity = other.quantity
            and (one.sheet, one.row_number) != (other.sheet, other.row_number)
            and one.number != other.number
    where
        damerau_levenshtein(one.digits, other.digits) = 1
        and (
            {{ least_of(['one.number', 'other.number']) }} >= 100
            or (
                {{ least_of(['one.number', 'other.number']) }} >= 10
                and list_sort(string_split(one.digits, ''))
                = list_sort(string_split(other.digits, ''))
            )
        )
    group by all
),

-- The digits of p without the zeros on either side.
bounds as (
    select
        *,
        trim(replace(printf('%.12f', p_value), '.', ''), '0') as first_digits
    from effects
),

-- Zeros without decimals, and nines, that stand for an empty cell in many programs.
{% set zeros, nines = ['p_value', 'se', 'tau2', 'q'], ['i2', 'q', 'follow_up_months'] -%}
{% set nine = '-?9{3,}|-9+' -%}
fillers as (
    {%- for columns, pattern in [(zeros, '-?0'), (nines, nine)] %}
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        column_name,
        printed
    from ({{ sheet_rows('reported_effects', ['effect_id'] + columns) }})
    unpivot (printed for column_name in ({{ columns | join(', ') }}))
    where regexp_full_match(printed, '{{ pattern }}')
    union all
    {%- endfor %}
    select * from whole_numbers
    where regexp_full_match(printed, '{{ nine }}')
),

-- The P values of other tests that stand in the row, where the effect has another one.
tests as (
    select
        effects.row_number,
        effects.effect_id as row_id,
        effects.meta_analysis_id,
        effects.p_value,
        effects.p_operator,
        effects.egger_p,
        effects.excess_significance_p,
        effects.n_comparisons,
        effects.q,
        {%- for column, name in [('p_value', 'p'), ('q', 'q')] %}
        0.5 * power(10, -{{ decimals('typed.' ~ column) }}) as {{ name }}_rounding,
        {%- endfor %}
        coalesce(p_from_chi2(effects.q - q_rounding, effects.n_comparisons - 1), 1) as p_of_q_most,
        p_from_chi2(effects.q + q_rounding, effects.n_comparisons - 1) as p_of_q_least,
        if(effects.ci_low is null, null, p_from_z(numbers.y / numbers.se)) as p_of_interval
    from effects
    inner join (
        {{ sheet_rows('reported_effects', ['effect_id', 'p_value', 'q']) }}
    ) as typed on effects.row_number = typed.row_number
    left join {{ ref('int_comparable_numbers') }} as numbers
        on numbers.sheet = 'reported_effects' and effects.row_number = numbers.row_number
),

other_tests as (
    select
        *,
        case
            when p_value = egger_p then 'the test of small-study effects'
            when p_value = excess_significance_p then 'the test of excess significance'
            when
                p_value > 0.001
                and p_value between p_of_q_least - p_rounding and p_of_q_most + p_rounding
                then
                    'Q with ' || {{ counted(
                        "(n_comparisons - 1)", "'degree of freedom'", "'degrees of freedom'"
                    ) }}
        end as test
    from tests
    where
        p_operator = '='
        and coalesce(p_of_interval not between p_value / 2 and 2 * p_value, true)
),

-- A limit that lies on no effect and was rounded with its estimate, but not with the other limit.
limits_at_no_effect as (
    {%- for limit, other in [('ci_low', 'ci_high'), ('ci_high', 'ci_low')] %}
    select
        decimals.row_number,
        decimals.row_id,
        '{{ limit }}' as limit_column,
        estimate || ' (' || ci_low || ' to ' || ci_high || ')' as printed
    from decimals
    inner join {{ ref('int_measures') }} as measures on decimals.measure = measures.measure
    inner join {{ ref('stg_protocol__scales') }} as scales on measures.own_scale = scales.scale
    where
        -- Logarithms and z stand as they are pooled.
        try_cast({{ limit }} as double) = if(measures.is_as_shown, scales.no_effect, 0)
        and scales.no_effect is not null
        and {{ limit }}_decimals < {{ other }}_decimals
        and estimate_decimals < {{ other }}_decimals
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- The bounds of p that the other rows of the source are printed with.
bounds_beside as (
    select
        row_number,
        row_id,
        p_value,
        p_of_interval,
        count(*) over others as n_others,
        min(p_value) over others as least_of_others,
        max(p_value) over others as most_of_others
    from tests
    where p_operator = '<'
    window others as (
        partition by meta_analysis_id
        rows between unbounded preceding and unbounded following exclude current row
    )
),

found as (
    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'bound_of_p_unlike_its_source' as rule,
        'p_operator, p_value' as columns,
        'P < ' || p_value as printed,
        if(
            p_of_interval < least_of_others,
            'the interval gives a P below ' || least_of_others || ', the bound of other rows',
            'the ' || n_others || ' other bounds of its source are ' || least_of_others
        ) as why
    from bounds_beside
    where
        p_value != least_of_others
        and (
            (n_others >= 3 and least_of_others = most_of_others)
            or (p_value > least_of_others and p_of_interval < least_of_others / 5)
        )

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'missing_beside_the_others' as rule,
        columns,
        'an empty cell' as printed,
        'all ' || n_others || ' other rows of its source have this number' as why
    from gaps

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'count_with_exponent' as rule,
        column_name as columns,
        printed,
        'an exponent leaves only the first digits of a count' as why
    from whole_numbers
    where regexp_matches(printed, '[0-9][eE]')

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'more_studies_than_ever' as rule,
        column_name as columns,
        printed || ' studies' as printed,
        'no meta-analysis has so many: perhaps a date, or participants' as why
    from whole_numbers
    where
        column_name in ('n_trials', 'n_comparisons', 'n_studies')
        and try_cast(printed as double) > 5000

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'fewer_decimals_than_its_source' as rule,
        column_name as columns,
        printed,
        'all ' || n_others || ' others of its source have ' || fewest_of_others
        || ' decimals or more' as why
    from shortened
    where n_others >= 3 and decimals <= fewest_of_others - 2

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'filler_for_a_missing_number' as rule,
        column_name as columns,
        printed,
        'many programs write it where a number is missing, and hardly any source prints it' as why
    from fillers

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'p_of_another_test' as rule,
        'p_value' as columns,
        'P ' || p_value as printed,
        'it is the P of ' || test as why
    from other_tests
    where test is not null

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'q_of_its_degrees_of_freedom' as rule,
        'q' as columns,
        'Q ' || q || ' of ' || n_comparisons as printed,
        'Q is one less than the number of comparisons: perhaps its degrees of freedom' as why
    from tests
    where q = n_comparisons - 1 and n_comparisons > 1

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'more_decimals_than_its_source' as rule,
        column_name as columns,
        printed,
        'no other number of its source has so many decimals' as why
    from beside_others
    where n_others >= 2 and decimals > most_of_others

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'rounded_unlike_the_rest' as rule,
        'estimate, ci_low, ci_high' as columns,
        concat_ws(' ', estimate, '(' || ci_low || ' to ' || ci_high || ')') as printed,
        'estimate and limits have one decimal at most, and hardly any other row has' as why
    from decimals
    where estimate is not null and ci_low is not null and ci_high is not null
    qualify
        most < 2
        and (
            (
                avg(if(most < 2, 1, 0)) over (partition by measure_family) < 0.1
                and count(*) over (partition by measure_family) >= 10
            )
            or (
                count(*) over (partition by meta_analysis_id, measure_family) >= 3
                and count(*) filter (most < 2) over (
                    partition by meta_analysis_id, measure_family
                ) = 1
            )
        )

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'effect_without_decimals' as rule,
        'estimate' as columns,
        estimate as printed,
        'standardised differences and ratios are printed with decimals' as why
    from decimals
    where measure_family in ('smd', 'ratio') and not contains(estimate, '.')

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'limit_rounded_to_no_effect' as rule,
        'estimate, ' || limit_column as columns,
        printed,
        'rounded so, the interval may include no effect or not' as why
    from limits_at_no_effect

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'leading_zero' as rule,
        column_name as columns,
        printed,
        'a whole number does not begin with a zero: a digit may be lost or exchanged' as why
    from whole_numbers
    where regexp_matches(printed, '^0[0-9]')

    union all by name

    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'no_root_of_a_printed_variance' as rule,
        'reported_se' as columns,
        printed,
        'the other standard errors of its source are roots of variances with three decimals' as why
    from rooted
    where not is_root and share > 0.85 and n_of_source >= 8 and usual_chance < 0.5

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'nearly_the_same_number' as rule,
        columns,
        cast(number as varchar) as printed,
        other_number as implied_low,
        other_number as implied_high,
        'one digit away from the ' || other_number || ' of ' || other_id as why
    from near_copies

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        'unusual_bound_of_p' as rule,
        'p_operator, p_value' as columns,
        'P ' || p_operator || ' ' || p_value as printed,
        if(
            p_operator = '=', 'a bound that is printed with < elsewhere',
            'P is printed so below 0.1, 0.05, 0.025 and their tenths only'
        ) as why
    from bounds
    where
        (p_operator = '<' and first_digits not in ('1', '25', '5'))
        or (p_operator = '=' and p_value <= 0.001 and first_digits = '1')
        or (p_operator = '=' and p_value in (0.01, 0.05) and ci_low is null and se is null)
),

final as (
    select
        *,
        cast(null as varchar) as candidate
    from found
)

select * from final
