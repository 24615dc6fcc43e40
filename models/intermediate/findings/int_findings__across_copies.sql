-- Grain: one row per row of a sheet that repeats another: the same numbers within a source, the
-- same numbers in another source, with the sign turned or not, or other numbers where the same ones
-- are due.
with

effects as (
    select
        *,
        concat_ws(' ', estimate, '(' || ci_low || ' to ' || ci_high || ')') as printed
    from {{ ref('int_adjudicated_effects') }}
),

rates as (
    select
        *,
        concat_ws(' ', percent, '(' || percent_low || ' to ' || percent_high || ')', events)
            as printed
    from {{ ref('stg_extraction__reported_rates') }}
),

trials as (
    select
        *,
        concat_ws(
            ' ', reported_g, reported_se, estimate, ci_low, ci_high, mean_intervention,
            sd_intervention, mean_control, sd_control, n_intervention, n_control,
            events_intervention, total_intervention, events_control, total_control
        ) as printed
    from {{ ref('stg_extraction__primary_studies') }}
),

-- What a row says beside its numbers, and the numbers: equal in both, it was typed twice.
printed_rows as (
    select
        'reported_effects' as sheet,
        row_number,
        printed,
        ci_low is not null as is_telling,
        'estimate, ci_low, ci_high' as columns,
        concat_ws(
            ' / ', measure, condition, subtype, outcome, timepoint, follow_up_months, n_comparisons,
            n_total, comparator, guidance, therapy, severity, scope, restriction
        ) as coding
    from effects

    union all

    select
        'reported_rates' as sheet,
        row_number,
        printed,
        percent is not null and (percent_low is not null or events is not null) as is_telling,
        'percent, percent_low, percent_high, events' as columns,
        concat_ws(
            ' / ', condition, outcome, definition, arm, guidance, total, n_studies, restriction
        ) as coding
    from rates

    union all

    select
        'primary_studies' as sheet,
        row_number,
        printed,
        printed != '' as is_telling,
        concat_ws(
            ', ',
            if(reported_g is not null, 'reported_g, reported_se', null),
            if(estimate is not null, 'estimate, ci_low, ci_high', null),
            if(mean_intervention is not null, 'mean_intervention, mean_control', null),
            if(events_intervention is not null, 'events_intervention, events_control', null)
        ) as columns,
        concat_ws(' / ', study, condition, outcome, instrument, comparator, weeks) as coding
    from trials
),

entries as (
    select
        printed_rows.*,
        coded.row_id,
        coded.meta_analysis_id
    from printed_rows
    inner join {{ ref('int_coded_rows') }} as coded
        on printed_rows.sheet = coded.sheet and printed_rows.row_number = coded.row_number

    union all by name

    -- One synthesis is one row: of two reports of it, the other is excluded as a duplicate.
    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        coalesce(doi, concat_ws(', ', first_author, year, title)) as meta_analysis_id,
        coalesce(doi, concat_ws(', ', first_author, year, title)) as printed,
        true as is_telling,
        'meta_analysis_id' as columns,
        eligibility as coding
    from {{ ref('stg_extraction__meta_analyses') }}
    where doi is not null or title is not null
),

-- Two short numbers meet by chance, three hardly.
repeated as (
    select
        one.sheet,
        one.row_number,
        one.row_id,
        one.columns,
        one.printed,
        bool_or(one.coding = other.coding) as is_same_coding,
        {{ few_named('other.row_id', 'other.row_number') }} as others
    from entries as one
    inner join entries as other
        on
            one.sheet = other.sheet
            and one.meta_analysis_id = other.meta_analysis_id
            and one.printed = other.printed
            and one.row_number != other.row_number
    where one.is_telling or (one.coding = other.coding and one.printed != '')
    group by all
),

-- The limits of a neighbour beside an estimate of its own.
limits as (
    select
        one.row_number,
        one.effect_id as row_id,
        one.printed,
        {{ few_named('other.effect_id', 'other.row_number') }} as others
    from effects as one
    inner join effects as other
        on
            one.meta_analysis_id = other.meta_analysis_id
            and one.measure = other.measure
            and one.ci_low = other.ci_low
            and one.ci_high = other.ci_high
            and one.estimate != other.estimate
    group by all
),

turned as (
    select
        one.row_number,
        one.effect_id as row_id,
        one.printed,
        {{ few_named('other.effect_id', 'other.row_number') }} as others
    from effects as one
    inner join effects as other
        on
            one.estimate = -other.estimate
            and one.ci_low = -other.ci_high
            and one.ci_high = -other.ci_low
            and one.favourable_direction = other.favourable_direction
    where one.favourable_direction in ('positive', 'negative')
    group by all
),

-- What prints the results of another source has its numbers.
printed_again as (
    select
        relations.meta_analysis_id,
        relations.related_id
    from {{ ref('stg_extraction__ma_relations') }} as relations
    where relations.relation in ('restates', 'duplicate_publication_of')
),

unequal as (
    select
        one.row_number,
        one.effect_id as row_id,
        one.printed,
        {{ few_named("other.effect_id || ': ' || other.printed", 'other.row_number', '; ') }}
            as others
    from effects as one
    inner join printed_again
        on one.meta_analysis_id in (printed_again.meta_analysis_id, printed_again.related_id)
    inner join effects as other
        on
            other.meta_analysis_id in (printed_again.meta_analysis_id, printed_again.related_id)
            and one.meta_analysis_id != other.meta_analysis_id
            and one.condition = other.condition
            and one.outcome = other.outcome
            and one.timepoint = other.timepoint
            and one.measure = other.measure
            and one.scope = other.scope
            and one.restriction is not distinct from other.restriction
            and one.subtype is not distinct from other.subtype
    group by all
    having
        not bool_or(
            one.estimate = other.estimate and one.ci_low is not distinct from other.ci_low
        )
),

trial_numbers as (
    select
        numbers.*,
        typed.study_id,
        typed.condition as trial_condition,
        typed.instrument,
        typed.weeks,
        typed.multiple_effects
    from {{ ref('int_comparable_numbers') }} as numbers
    inner join trials as typed on numbers.row_number = typed.row_number
    where numbers.sheet = 'primary_studies' and numbers.y is not null
),

-- One trial in the tables of two sources: the same comparison has about the same number.
trials_apart as (
    select
        one.row_number,
        one.row_id,
        one.columns,
        one.printed,
        {{ few_named("other.row_id || ': ' || other.printed", 'other.row_number', '; ') }} as others
    from trial_numbers as one
    inner join trial_numbers as other
        on
            one.study_id = other.study_id
            and one.meta_analysis_id != other.meta_analysis_id
            and one.trial_condition = other.trial_condition
            and one.outcome = other.outcome
            and one.scale = other.scale
            and one.instrument is not distinct from other.instrument
            and one.weeks is not distinct from other.weeks
    where abs(one.y - other.y) > {{ greatest_of(['one.se', 'other.se']) }}
    group by all
),

-- Numbers of studies and of participants: both hardly ever meet by chance.
sizes as (
    {%- for sheet, id, source, k, n, table in [
        (
            'reported_effects', 'effect_id', 'meta_analysis_id', 'n_comparisons', 'n_total',
            'effects',
        ),
        ('reported_rates', 'rate_id', 'meta_analysis_id', 'n_studies', 'total', 'rates'),
        (
            'meta_analyses', 'meta_analysis_id', 'meta_analysis_id', 'n_trials', 'n_participants',
            ref('stg_extraction__meta_analyses'),
        ),
    ] %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        {{ source }} as meta_analysis_id,
        '{{ k }}, {{ n }}' as columns,
        {{ n }} || ' participants of ' || {{ k }} || ' studies' as printed
    from {{ table }}
    where {{ k }} > 1 and {{ n }} >= 100
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Three numbers of two sources meet by chance hardly ever.
intervals as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        meta_analysis_id,
        'estimate, ci_low, ci_high' as columns,
        printed
    from effects
    where estimate is not null and ci_low is not null and ci_high is not null
    union all
    select
        'reported_rates' as sheet,
        row_number,
        rate_id as row_id,
        meta_analysis_id,
        'percent, percent_low, percent_high' as columns,
        printed
    from rates
    where percent is not null and percent_low is not null and percent_high is not null
),

-- Each pair of related sources both ways round.
related as (
    {%- for one, other in [
        ('meta_analysis_id', 'related_id'), ('related_id', 'meta_analysis_id'),
    ] %}
    select
        {{ one }} as one_id,
        {{ other }} as other_id
    from {{ ref('stg_extraction__ma_relations') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

{%- for name, table in [('elsewhere', 'intervals'), ('sized_alike', 'sizes')] %}
{{ name }} as (
    select
        one.*,
        {{ few_named('other.row_id', 'other.row_number') }} as others
    from {{ table }} as one
    inner join {{ table }} as other
        on
            one.sheet = other.sheet
            and one.printed = other.printed
            and one.meta_analysis_id != other.meta_analysis_id
    anti join related
        on one.meta_analysis_id = related.one_id and other.meta_analysis_id = related.other_id
    group by all
),
{%- endfor %}

final as (
    select
        sheet,
        row_number,
        row_id,
        if(is_same_coding, 'row_typed_twice', 'same_numbers_in_its_source') as rule,
        columns,
        printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the same numbers stand in ' || others as why,
        if(is_same_coding, 'typed twice', 'numbers of another row') as candidate
    from repeated

    union all

    {%- set effects = "'reported_effects'" %}
    {%- for name, sheet, rule, columns, why, candidate in [
        (
            'limits', effects, 'same_numbers_in_its_source', "'ci_low, ci_high, estimate'",
            'the same limits with another estimate stand in ', "'limits of another row'",
        ),
        (
            'turned', effects, 'sign_turned_elsewhere',
            "'estimate, ci_low, ci_high, favourable_direction'",
            'the same numbers with the other sign, and the same favourable direction, stand in ',
            "'the sign or the direction is turned in one of them'",
        ),
        (
            'unequal', effects, 'printed_again_with_other_numbers', "'estimate, ci_low, ci_high'",
            'the source that prints these results again, or first, has ', 'cast(null as varchar)',
        ),
        (
            'trials_apart', "'primary_studies'", 'trial_with_two_numbers', 'columns',
            'another source has other numbers for the trial: ', 'cast(null as varchar)',
        ),
        (
            'elsewhere', 'sheet', 'same_numbers_in_another_source', 'columns',
            'three numbers that another source prints, too: ', 'cast(null as varchar)',
        ),
        (
            'sized_alike', 'sheet', 'same_size_in_another_source', 'columns',
            'the numbers of studies and of participants of another source: ',
            "'numbers of another row'",
        ),
    ] %}
    select
        {{ sheet }} as sheet,
        row_number,
        row_id,
        '{{ rule }}' as rule,
        {{ columns }} as columns,
        printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        '{{ why }}' || others as why,
        {{ candidate }} as candidate
    from {{ name }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from final
