-- Grain: one row per row of a sheet, rule and columns: departures from how the source or the sheet
-- types numbers and codes: order, decimals, neighbours, and numbers that are there twice.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

meta_analyses as (
    select
        *,
        regexp_extract(meta_analysis_id, '(19|20)\d{2}') as year_of_id,
        n_participants / nullif(n_trials, 0) as n_per_trial,
        median(n_per_trial) over () as usual_n,
        count(n_per_trial) over () as n_with_both
    from {{ ref('stg_extraction__meta_analyses') }}
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

-- A table that is sorted by its effects.
ordered as (
    select
        row_number,
        comparison_id as row_id,
        source,
        dataset,
        coalesce(reported_g, estimate) as number,
        if(reported_g is null, 'estimate', 'reported_g') as columns,
        lag(number) over table_of as above,
        lead(number) over table_of as below
    from trials
    where coalesce(reported_g, estimate) is not null
    window table_of as (partition by source, dataset order by row_number)
),

directed as (
    select
        *,
        sign(sum(sign(number - above)) over table_of) as way,
        count(*) over table_of as n_of_table,
        abs(sum(sign(number - above)) over table_of)
        / nullif(count(above) over table_of, 0) as share
    from ordered
    window table_of as (partition by source, dataset)
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

-- Codes of a row between two rows of its source that agree.
{% set codes = ['condition', 'outcome', 'measure', 'comparator', 'favourable_direction'] -%}
{% set trial_codes = ['condition', 'outcome', 'comparator', 'favourable_direction'] -%}
listed as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        meta_analysis_id as source,
        {{ codes | join(', ') }}
    from effects
    union all
    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        source,
        condition,
        outcome,
        cast(null as varchar) as measure,
        comparator,
        favourable_direction
    from trials
    union all
    select
        'reported_rates' as sheet,
        row_number,
        rate_id as row_id,
        meta_analysis_id as source,
        condition,
        outcome,
        cast(null as varchar) as measure,
        comparator,
        cast(null as varchar) as favourable_direction
    from {{ ref('stg_extraction__reported_rates') }}
),

alone as (
    {%- for code in codes %}
    select
        sheet,
        row_number,
        row_id,
        '{{ code }}' as columns,
        {{ code }} as printed,
        lag({{ code }}) over table_of as other
    from listed
    where {{ code }} is not null
    window table_of as (partition by sheet, source order by row_number)
    qualify
        lag({{ code }}) over table_of = lead({{ code }}) over table_of
        and {{ code }} != lag({{ code }}) over table_of
        and count(*) over (partition by sheet, source, {{ code }}) = 1
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Two rows of a source that answer one question.
questions as (
    select
        row_number,
        effect_id as row_id,
        concat_ws(' ', estimate, '(' || ci_low || ' to ' || ci_high || ')') as printed,
        count(*) over question as n_rows,
        string_agg(effect_id, ', ' order by row_number) over question as row_ids
    from effects
    window question as (
        partition by
            meta_analysis_id, condition, subtype, outcome, timepoint, follow_up_months, comparator,
            guidance, therapy, severity, analysis_set, restriction, scope, measure_unit,
            comparator_as_reported, therapy_as_reported, severity_as_reported, measure
    )
),

pools as (
    select
        row_number,
        effect_id as row_id,
        scope,
        restriction,
        n_comparisons,
        count(*) over question as n_pools,
        count(*) filter (scope = 'overall') over question as n_overall,
        count(*) filter (restriction is null) over question as n_unrestricted,
        coalesce(n_comparisons = max(n_comparisons) over question, true) as is_largest,
        coalesce(
            n_comparisons > max(n_comparisons) over (
                question rows between unbounded preceding and unbounded following
                exclude current row
            ), false
        ) as is_larger
    from effects
    window question as (partition by meta_analysis_id, condition, outcome, timepoint, measure)
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

-- Two arms of which one has the event mostly and the other hardly.
arms as (
    select
        row_number,
        comparison_id as row_id,
        events_intervention || '/' || total_intervention || ' against ' || events_control || '/'
        || total_control as printed,
        ln((events_intervention + 0.5) / (total_intervention - events_intervention + 0.5)) as one,
        ln((events_control + 0.5) / (total_control - events_control + 0.5)) as other
    from trials
    where events_intervention <= total_intervention and events_control <= total_control
),

-- The digits of p without the zeros on either side.
bounds as (
    select
        *,
        trim(replace(printf('%.12f', p_value), '.', ''), '0') as first_digits
    from effects
),

{% set sizes = [
    ('primary_studies', 'comparison_id', 'n_intervention', 'n_control', 'trials'),
    ('primary_studies', 'comparison_id', 'total_intervention', 'total_control', 'trials'),
    ('reported_effects', 'effect_id', 'n_intervention', 'n_control', 'effects'),
] -%}
uneven as (
    {%- for sheet, id, one, other, table in sizes %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        '{{ one }}, {{ other }}' as columns,
        {{ one }} || ' and ' || {{ other }} as printed
    from {{ table }}
    where {{ greatest_of([one, other]) }} > 1.7 * {{ least_of([one, other]) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

halves as (
    select
        row_number,
        rate_id as row_id,
        percent,
        count(*) over (partition by outcome) as n_of_outcome,
        count(*) over (partition by outcome, percent > 50) as n_of_side
    from {{ ref('stg_extraction__reported_rates') }}
    where percent is not null
),

-- Three numbers of two sources meet by chance hardly ever.
intervals as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        meta_analysis_id as source,
        'estimate, ci_low, ci_high' as columns,
        concat_ws(' ', estimate, '(' || ci_low || ' to ' || ci_high || ')') as printed
    from effects
    where estimate is not null and ci_low is not null and ci_high is not null
    union all
    select
        'reported_rates' as sheet,
        row_number,
        rate_id as row_id,
        meta_analysis_id as source,
        'percent, percent_low, percent_high' as columns,
        concat_ws(' ', percent, '(' || percent_low || ' to ' || percent_high || ')') as printed
    from {{ ref('stg_extraction__reported_rates') }}
    where percent is not null and percent_low is not null and percent_high is not null
),

elsewhere as (
    select
        one.*,
        {{ few_named('other.row_id', 'other.row_number') }} as others
    from intervals as one
    inner join intervals as other
        on one.sheet = other.sheet and one.printed = other.printed and one.source != other.source
    left join {{ ref('stg_extraction__ma_relations') }} as relations
        on
            (one.source, other.source) = (relations.meta_analysis_id, relations.related_id)
            or (other.source, one.source) = (relations.meta_analysis_id, relations.related_id)
    where relations.meta_analysis_id is null
    group by all
),

found as (
    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'out_of_its_order' as rule,
        columns,
        concat_ws(', ', above, number, below) as printed,
        if(way > 0, above, below) as implied_low,
        if(way > 0, below, above) as implied_high,
        'the table is sorted by its effects, and this one is not between its neighbours' as why
    from directed
    where
        n_of_table >= 8
        and share > 0.7
        and coalesce(way * sign(below - above) > 0, true)
        and (
            coalesce(way * (number - above) <= 0, false)
            or coalesce(way * (below - number) <= 0, false)
        )

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
        and avg(if(most < 2, 1, 0)) over (partition by measure_family) < 0.1
        and count(*) over (partition by measure_family) >= 10

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
        'reported_effects' as sheet,
        row_number,
        row_id,
        'part_without_its_whole' as rule,
        'scope' as columns,
        replace(scope, '_', ' ') as printed,
        'the largest of its rows, without a restriction, and none is the main pool' as why
    from pools
    where
        scope = 'subgroup'
        and restriction is null
        and n_overall = 0
        and n_pools > 1
        and (n_unrestricted = 1 or is_larger)

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'part_as_a_whole' as rule,
        'scope' as columns,
        replace(scope, '_', ' ') as printed,
        'a main pool that is smaller than another one, or restricted' as why
    from pools
    where scope = 'overall' and (restriction is not null or n_overall > 1 and not is_largest)

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
        'code_unlike_its_neighbours' as rule,
        columns,
        replace(printed, '_', ' ') as printed,
        'the rows above and below, of the same source, have another code: '
        || replace(other, '_', ' ') as why
    from alone

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'same_question_twice' as rule,
        'condition, outcome, timepoint, comparator, therapy, restriction' as columns,
        printed,
        'rows of one source with the same codes: ' || row_ids as why
    from questions
    where n_rows > 1

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
        'primary_studies' as sheet,
        row_number,
        row_id,
        'events_of_the_others' as rule,
        'events_intervention, events_control' as columns,
        printed,
        'most of one arm have the event, and few of the other: perhaps those without it' as why
    from arms
    where one * other < 0 and abs(one - other) > 1.1

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'arms_of_uneven_size' as rule,
        columns,
        printed,
        'one arm has nearly twice the participants of the other' as why
    from uneven

    union all by name

    select
        'reported_rates' as sheet,
        row_number,
        row_id,
        'percent_beyond_half' as rule,
        'percent' as columns,
        percent || ' %' as printed,
        'all others of this outcome are on the other side of 50 %' as why
    from halves
    where n_of_outcome >= 5 and n_of_side = 1

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'same_numbers_in_another_source' as rule,
        columns,
        printed,
        'three numbers that another source prints, too: ' || others as why
    from elsewhere

    union all by name

    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        'year_unlike_its_id' as rule,
        'year' as columns,
        cast(year as varchar) as printed,
        'its id has ' || year_of_id as why
    from meta_analyses
    where year_of_id != '' and cast(year as varchar) != year_of_id

    union all by name

    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        'search_after_publication' as rule,
        'search_end, year' as columns,
        search_end || ', published ' || year as printed,
        null as implied_low,
        cast(year as double) as implied_high,
        'the search ended after the year of publication' as why
    from meta_analyses
    where try_cast(left(search_end, 4) as bigint) > year

    union all by name

    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        'unusual_size_of_trials' as rule,
        'n_trials, n_participants' as columns,
        n_participants || ' participants of ' || n_trials || ' trials' as printed,
        usual_n / 5 as implied_low,
        6 * usual_n as implied_high,
        'the trials would have ' || cast(round(n_per_trial) as bigint) || ' participants each'
            as why
    from meta_analyses
    where
        n_with_both >= 8
        and (n_per_trial < usual_n / 5 or n_per_trial > 6 * usual_n)

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        'unusual_months' as rule,
        'follow_up_months' as columns,
        follow_up_months || ' months' as printed,
        'follow-up is told in quarters beyond a year, in halves beyond two, in years beyond three'
            as why
    from effects
    where
        (follow_up_months > 12 and follow_up_months % 3 != 0)
        or (follow_up_months > 24 and follow_up_months % 6 != 0)
        or (follow_up_months > 36 and follow_up_months % 12 != 0)

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        'unusual_bound_of_p' as rule,
        'p_operator, p_value' as columns,
        'p ' || p_operator || ' ' || p_value as printed,
        if(
            p_operator = '=', 'a bound that is printed with < elsewhere',
            'p is printed so below 0.1, 0.05, 0.025 and their tenths only'
        ) as why
    from bounds
    where
        (p_operator = '<' and first_digits not in ('1', '25', '5'))
        or (p_operator = '=' and p_value <= 0.001 and first_digits = '1')
),

final as (
    select
        *,
        cast(null as varchar) as candidate
    from found
)

select * from final
