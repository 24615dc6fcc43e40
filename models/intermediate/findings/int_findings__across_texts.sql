-- Grain: one row per row of a sheet and rule that does not go with the texts beside it: the id of
-- the row, the title of its meta-analysis, its note.
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

rows_of_sheets as (
    select * from {{ ref('int_coded_rows') }}
),

-- An id of a row is made of that of its meta-analysis, where a team does so at all.
ids as (
    select
        rows_of_sheets.*,
        starts_with(row_id, meta_analysis_id) as is_own,
        avg(if(starts_with(row_id, meta_analysis_id), 1, 0)) over (partition by sheet) as own_share
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

-- A table of trials is of one source.
sources_of_tables as (
    select
        row_number,
        comparison_id as row_id,
        source,
        mode(source) over (partition by dataset) as usual_source,
        count(*) over (partition by dataset, source) as n_of_source,
        count(*) over (partition by dataset) as n_of_table
    from {{ ref('stg_extraction__primary_studies') }}
),

words as (
    {{ words_of_labels('conditions', ['label', "replace(code, '_', ' ')"], 3) }}
),

telling_words as (
    select *
    from words
    where
        length(word) >= 5
        and not exists (
            select 1
            from words as others
            where
                words.code != others.code
                and (starts_with(others.word, words.word) or starts_with(words.word, others.word))
        )
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

mentioned as (
    select
        *,
        count(*) over (partition by sheet, meta_analysis_id) as n_of_source,
        count(*) over (partition by sheet, meta_analysis_id, condition) as n_of_condition,
        count(distinct condition) over (partition by sheet, meta_analysis_id) as n_conditions,
        exists(
            select 1
            from words
            where words.code = spoken_of.condition and contains(spoken_of.texts, words.word)
        ) as is_mentioned
    from spoken_of
),

unspoken as (
    select
        *,
        bool_or(is_mentioned) over (partition by sheet, meta_analysis_id) as is_other_mentioned
    from mentioned
    qualify not is_mentioned
),

other_conditions as (
    select
        unspoken.sheet,
        unspoken.row_number,
        unspoken.row_id,
        unspoken.condition,
        string_agg(distinct telling_words.code, ', ' order by telling_words.code) as named
    from unspoken
    left join telling_words
        on
            unspoken.condition != telling_words.code
            and contains(unspoken.titles, telling_words.word)
    where
        telling_words.code is not null
        or (unspoken.n_of_source >= 3 and unspoken.n_of_condition = 1 and unspoken.n_conditions = 2)
        or (unspoken.n_of_source = 2 and unspoken.is_other_mentioned)
    group by all
),

-- A stretch of time in the note: "12-week follow-up", "6-12 months (midpoint coded)".
spans as (
    select
        row_number,
        effect_id as row_id,
        follow_up_months,
        unnest(
            regexp_extract_all(
                lower(notes), '\d+(?:\.\d+)?(?:\s*(?:-|–|to)\s*\d+(?:\.\d+)?)?[ -](?:week|month)'
            )
        ) as span
    from effects
    where follow_up_months is not null
),

lengths as (
    select
        *,
        if(contains(span, 'week'), {{ weeks_per_month() }}, 1) as per_month,
        cast(regexp_extract(span, '^[\d.]+') as double) / per_month as shortest,
        cast(
            coalesce(
                nullif(regexp_extract(span, '(?:-|–|to)\s*(\d[\d.]*)', 1), ''),
                regexp_extract(span, '^[\d.]+')
            ) as double
        ) / per_month as longest
    from spans
),

other_times as (
    select
        row_number,
        row_id,
        follow_up_months,
        min(shortest) as shortest,
        max(longest) as longest,
        string_agg(span, ', ' order by span) as spans
    from lengths
    group by all
    -- A month more or less, as weeks are rounded.
    having not bool_or(follow_up_months between shortest - 1 and longest + 1)
),

outcome_words as (
    {{ words_of_labels('outcomes', ['label', 'noun', "replace(code, '_', ' ')"], 5) }}
),

rare_outcomes as (
    select
        spoken_of.*,
        count(*) over (partition by sheet, measure_family) as n_of_family,
        count(*) over (partition by sheet, measure_family, outcome) as n_of_outcome
    from spoken_of
    left join {{ ref('int_measures') }} as measures on spoken_of.measure = measures.measure
),

unspoken_outcomes as (
    select * from rare_outcomes
    where
        outcome is not null
        and n_of_family >= 8
        and n_of_outcome <= 0.1 * n_of_family
        and not exists (
            select 1
            from outcome_words
            where
                rare_outcomes.outcome = outcome_words.code
                and contains(rare_outcomes.texts, outcome_words.word)
        )
),

-- Numbers of studies and participants in the note; "13 of 16 trials" names another whole.
{% set noted = {
    'k': '(?:studies|trials|rcts|comparisons)', 'n': '(?:participants|patients)',
} -%}
noted as (
    {%- for quantity, words in noted.items() %}
    {%- for sheet, id, column, table in [
        ('reported_effects', 'effect_id', {'k': 'n_comparisons', 'n': 'n_total'}, 'effects'),
        ('reported_rates', 'rate_id', {'k': 'n_studies', 'n': 'total'}, 'rates'),
    ] %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        '{{ column[quantity] }}' as columns,
        {{ column[quantity] }} as number,
        list_transform(
            list_filter(
                regexp_extract_all(lower(notes), '(?:of )?\d[\d,]* {{ words }}'),
                lambda phrase: not starts_with(phrase, 'of ')
            ),
            lambda phrase: try_cast(
                replace(regexp_extract(phrase, '[\d,]+'), ',', '') as bigint
            )
        ) as numbers_of_note
    from {{ table }}
    where {{ column[quantity] }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

other_numbers as (
    select * from noted
    where len(numbers_of_note) > 0 and not list_contains(numbers_of_note, number)
),

final as (
    select
        sheet,
        row_number,
        row_id,
        'outcome_nowhere_spoken_of' as rule,
        'outcome' as columns,
        replace(outcome, '_', ' ') as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'few rows of this kind of measure have it, and neither row nor source speaks of it' as why,
        cast(null as varchar) as candidate
    from unspoken_outcomes

    union all

    select
        sheet,
        row_number,
        row_id,
        'number_against_note' as rule,
        columns,
        number || ', note: ' || array_to_string(numbers_of_note, ', ') as printed,
        cast(list_min(numbers_of_note) as double) as implied_low,
        cast(list_max(numbers_of_note) as double) as implied_high,
        'the note has another number' as why,
        cast(null as varchar) as candidate
    from other_numbers

    union all

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
        replace(condition, '_', ' ') as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'neither the row nor its meta-analysis speaks of it, and '
        || if(
            named is null, 'the other rows have another', 'the title speaks of another'
        ) as why,
        replace(named, '_', ' ') as candidate
    from other_conditions

    union all

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'months_against_note' as rule,
        'follow_up_months' as columns,
        {{ counted("follow_up_months", "'month'", "'months'") }} || ', note: ' || spans as printed,
        shortest as implied_low,
        longest as implied_high,
        'the note names another time' as why,
        if(
            follow_up_months / {{ weeks_per_month() }} between shortest - 1 and longest + 1,
            'weeks typed as months', null
        ) as candidate
    from other_times

    union all

    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'id_of_another_source' as rule,
        'source' as columns,
        source as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the other trials of this table are of another meta-analysis' as why,
        usual_source as candidate
    from sources_of_tables
    where source != usual_source and n_of_table >= 4 and n_of_source <= 0.25 * n_of_table
)

select * from final
