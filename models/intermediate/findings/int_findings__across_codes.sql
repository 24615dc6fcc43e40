-- Grain: one row per row of a sheet and rule whose code does not go with those of the other rows,
-- or whose number could be a year.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

measures as (
    select * from {{ ref('int_measures') }}
),

outcomes as (
    select * from {{ ref('stg_vocabulary__outcomes') }}
),

-- Codes that most other rows of the source, or of the sheet, do not have.
described as (
    select
        effects.*,
        measures.measure_family,
        outcomes.quantity,
        coalesce(
            (quantity = 'event' and measure_family in ('smd', 'mean_difference'))
            or (quantity = 'continuous' and measure_family in ('ratio', 'risk_difference')),
            false
        ) as is_of_other_kind,
        count(*) over (partition by effects.measure) as n_of_measure,
        count(*) over (partition by effects.outcome) as n_of_outcome,
        count(*) over (partition by effects.outcome, effects.measure) as n_of_pair,
        count(*) over (partition by effects.ci_level) as n_of_level,
        count(effects.ci_level) over () as n_with_level,
        count(*) over () as n_rows,
        count(*) over (partition by effects.meta_analysis_id, effects.outcome) as n_of_source,
        count(*) over (
            partition by effects.meta_analysis_id, effects.outcome, effects.measure
        ) as n_of_its_measure
    from effects
    left join measures on effects.measure = measures.measure
    left join outcomes on effects.outcome = outcomes.code
),

unlike as (
    select
        row_number,
        effect_id as row_id,
        'measure_unlike_the_rest' as rule,
        'measure' as columns,
        replace(measure, '_', ' ') as printed,
        if(
            n_rows >= 10 and n_of_measure = 1, 'no other row has this measure',
            'the other rows of this source have another kind of measure'
        ) as why
    from described
    where
        (n_rows >= 10 and n_of_measure = 1)
        or (n_of_source >= 3 and n_of_its_measure = 1)

    union all

    select
        row_number,
        effect_id as row_id,
        'outcome_unlike_its_measure' as rule,
        'outcome, measure' as columns,
        replace(outcome || ' as ' || measure, '_', ' ') as printed,
        case
            when is_of_other_kind and quantity = 'event' then 'an event in a measure of amounts'
            when is_of_other_kind then 'an amount in a measure of events'
            else 'no other row has this outcome in this measure'
        end as why
    from described
    where is_of_other_kind or (n_of_pair = 1 and n_of_outcome >= 4 and n_of_measure >= 3)

    union all

    select
        row_number,
        effect_id as row_id,
        'level_unlike_the_rest' as rule,
        'ci_level' as columns,
        cast(ci_level as varchar) as printed,
        'hardly any other row has this confidence level' as why
    from described
    where ci_level is not null and n_with_level >= 8 and n_of_level <= 0.1 * n_with_level
),

lone_outcomes as (
    select
        *,
        count(*) over (partition by sheet, outcome) as n_of_outcome,
        count(*) over (partition by sheet) as n_rows
    from {{ ref('int_coded_rows') }}
    where outcome is not null
),

lone_measures as (
    select
        row_number,
        comparison_id as row_id,
        measure,
        count(*) over (partition by dataset, outcome) as n_of_table,
        count(*) over (partition by dataset, outcome, measure) as n_of_measure
    from {{ ref('stg_extraction__primary_studies') }}
),

years as (
    {%- for sheet, id, model, columns in [
        ('reported_effects', 'effect_id', 'stg_extraction__reported_effects',
         ['n_comparisons', 'n_total', 'n_intervention', 'n_control']),
        ('reported_rates', 'rate_id', 'stg_extraction__reported_rates',
         ['events', 'total', 'n_studies']),
        ('primary_studies', 'comparison_id', 'stg_extraction__primary_studies',
         ['n_intervention', 'n_control', 'total_intervention', 'total_control']),
        ('meta_analyses', 'meta_analysis_id', 'stg_extraction__meta_analyses',
         ['n_trials', 'n_participants']),
    ] %}
    {%- for column in columns %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        '{{ column }}' as column_name,
        {{ column }} as number
    from {{ ref(model) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

latest as (
    select max(year) as latest_year from meta_analyses
),

final as (
    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        rule,
        columns,
        printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        why,
        cast(null as varchar) as candidate
    from unlike

    union all

    select
        sheet,
        row_number,
        row_id,
        'outcome_unlike_the_rest' as rule,
        'outcome' as columns,
        replace(outcome, '_', ' ') as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'no other row has this outcome' as why,
        cast(null as varchar) as candidate
    from lone_outcomes
    where n_of_outcome = 1 and n_rows >= 10

    union all

    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'measure_unlike_the_rest' as rule,
        'measure' as columns,
        coalesce(replace(measure, '_', ' '), 'an empty cell') as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the other trials of this table have another measure' as why,
        cast(null as varchar) as candidate
    from lone_measures
    where n_of_measure = 1 and n_of_table >= 4

    union all

    select
        sheet,
        row_number,
        row_id,
        'year_as_number' as rule,
        column_name as columns,
        cast(number as varchar) as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the number could be a year' as why,
        cast(null as varchar) as candidate
    from years
    cross join latest
    where number between 1990 and latest_year + 1
)

select * from final
