-- Grain: one row per row of a sheet and rule whose code does not go with what the other rows, and
-- the title of its meta-analysis, say.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

rates as (
    select * from {{ ref('stg_extraction__reported_rates') }}
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

rows_of_sheets as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        meta_analysis_id,
        condition,
        concat_ws(' ', subtype, restriction, notes, source_locator) as own_text
    from effects
    union all
    select
        'reported_rates' as sheet,
        row_number,
        rate_id as row_id,
        meta_analysis_id,
        condition,
        concat_ws(' ', definition, notes, source_locator) as own_text
    from rates
),

-- An id of a row is made of that of its meta-analysis, where a team does so at all.
ids as (
    select
        rows_of_sheets.*,
        starts_with(row_id, meta_analysis_id) as is_own,
        avg(starts_with(row_id, meta_analysis_id)::integer) over (partition by sheet) as own_share
    from rows_of_sheets
),

foreign_ids as (
    select
        ids.sheet,
        ids.row_number,
        ids.row_id,
        ids.meta_analysis_id,
        arg_max(meta_analyses.meta_analysis_id, length(meta_analyses.meta_analysis_id)) as named
    from ids
    inner join meta_analyses on starts_with(ids.row_id, meta_analyses.meta_analysis_id)
    where ids.own_share > 0.9 and not ids.is_own
    group by all
),

-- Words of the labels, without their endings: depression, depressive.
words as (
    select distinct
        code,
        left(word, greatest(length(word) - 3, 5)) as word
    from (
        select
            code,
            unnest(
                regexp_extract_all(lower(label || ' ' || replace(code, '_', ' ')), '[a-z]{3,}')
            ) as word
        from {{ ref('stg_vocabulary__conditions') }}
    )
),

telling_words as (
    select *
    from words
    where length(word) >= 5
    qualify count(*) over (partition by word) = 1
),

spoken_of as (
    select
        rows_of_sheets.*,
        lower(concat_ws(' ', meta_analyses.title, meta_analyses.population)) as titles,
        lower(
            concat_ws(
                ' ', meta_analyses.title, meta_analyses.population, meta_analyses.intervention,
                meta_analyses.notes, own_text
            )
        ) as texts
    from rows_of_sheets
    inner join meta_analyses on rows_of_sheets.meta_analysis_id = meta_analyses.meta_analysis_id
),

other_conditions as (
    select
        spoken_of.sheet,
        spoken_of.row_number,
        spoken_of.row_id,
        spoken_of.condition,
        string_agg(distinct telling_words.code, ', ' order by telling_words.code) as named
    from spoken_of
    inner join telling_words
        on
            spoken_of.condition != telling_words.code
            and contains(spoken_of.titles, telling_words.word)
    where
        not exists (
            select 1
            from words
            where words.code = spoken_of.condition and contains(spoken_of.texts, words.word)
        )
    group by all
),

-- Codes that most other rows of the source, or of the sheet, do not have.
described as (
    select
        effects.*,
        measures.measure_family,
        coalesce(outcomes.quantity, '') as quantity,
        count(*) over (partition by effects.measure) as n_of_measure,
        count(*) over (partition by effects.ci_level) as n_of_level,
        count(effects.ci_level) over () as n_with_level,
        count(*) over () as n_rows,
        count(*) over (partition by effects.meta_analysis_id, effects.outcome) as n_of_source,
        count(*) over (
            partition by effects.meta_analysis_id, effects.outcome, measures.measure_family
        ) as n_of_family,
        count(*) over (
            partition by effects.meta_analysis_id, effects.outcome, measures.measure_family,
            effects.measure
        ) as n_of_its_measure,
        count(*) over (partition by effects.meta_analysis_id) as n_in_source,
        count(*) over (partition by effects.meta_analysis_id, effects.condition) as n_of_condition
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
        measure as printed,
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
        outcome || ' as ' || measure as printed,
        'an outcome that is ' || if(quantity = 'event', 'an event', 'an amount')
        || ' in a measure of ' || if(quantity = 'event', 'amounts', 'events') as why
    from described
    where
        (quantity = 'event' and measure_family in ('smd', 'mean_difference'))
        or (quantity = 'continuous' and measure_family in ('ratio', 'risk_difference'))

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

final as (
    select
        sheet,
        row_number,
        row_id,
        'id_of_another_source' as rule,
        'meta_analysis_id' as columns,
        meta_analysis_id as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the id of the row begins with that of another meta-analysis' as why,
        named as candidate
    from foreign_ids

    union all

    select
        sheet,
        row_number,
        row_id,
        'condition_unlike_its_source' as rule,
        'condition' as columns,
        condition as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'neither the row nor its meta-analysis speaks of it, and the title speaks of another' as why,
        named as candidate
    from other_conditions

    union all

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
)

select * from final
