-- Grain: one row per effect, rule and columns: a code that does not go with the words of the source
-- that stand beside it, by what these words are coded as in all other rows.
{% set worded = {
    'comparator': ('comparator_as_reported', 'comparators'),
    'therapy': ('therapy_as_reported', 'therapies'),
    'severity': ('severity_as_reported', 'severities'),
    'condition': ('subtype', 'conditions'),
} -%}
{% set shared_codes = ['comparator', 'therapy', 'guidance', 'analysis_set', 'synthesis_model'] -%}
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

coded as (
    {%- for column, (words, vocabulary) in worded.items() %}
    select
        row_number,
        effect_id as row_id,
        '{{ column }}' as columns,
        {{ column }} as code,
        lower(trim({{ words }})) as words,
        list_transform(
            regexp_extract_all(lower(notes), '[^;]*{{ column }}[^;]*'), lambda said: trim(said)
        ) as phrases
    from effects
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Sentences whole, and words one by one.
said as (
    select
        * exclude (words, phrases),
        unnest(list_distinct(list_append(phrases, words))) as said,
        true as is_whole
    from coded
    union all
    select
        * exclude (words, phrases),
        unnest(list_distinct(regexp_extract_all(words, '[a-z]{2,}'))) as said,
        false as is_whole
    from coded
),

counted as (
    select
        *,
        count(*) over (partition by columns, is_whole, said) - 1 as n_others,
        count(*) over (partition by columns, is_whole, said, code) - 1 as n_with_code
    from said
    where said is not null
),

usual_codes as (
    select
        columns,
        said,
        is_whole,
        mode(code order by code) as usual_code
    from counted
    where n_others >= 2
    group by all
),

words_of_codes as (
    {%- for column, (_, vocabulary) in worded.items() %}
    select
        '{{ column }}' as columns,
        code,
        regexp_extract_all(lower(label), '[a-z]{2,}') as own_words
    from {{ ref('stg_vocabulary__' ~ vocabulary) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Words that no other row of this code has, and other rows of other codes have.
foreign_words as (
    select
        counted.row_number,
        counted.row_id,
        counted.columns,
        counted.code,
        arg_max(counted.said, (counted.is_whole, counted.n_others, counted.said)) as said,
        arg_max(usual_codes.usual_code, (counted.is_whole, counted.n_others, counted.said))
            as usual_code,
        max(counted.n_others) as n_others
    from counted
    left join usual_codes
        on
            counted.columns = usual_codes.columns
            and counted.said = usual_codes.said
            and counted.is_whole = usual_codes.is_whole
    left join words_of_codes
        on counted.columns = words_of_codes.columns and counted.code = words_of_codes.code
    group by counted.row_number, counted.row_id, counted.columns, counted.code
    having
        bool_or(counted.is_whole and counted.n_others >= 2 and counted.n_with_code = 0)
        or (
            max(counted.n_others) >= 2
            and max(counted.n_with_code) = 0
            and not bool_or(
                not counted.is_whole
                and coalesce(list_contains(words_of_codes.own_words, counted.said), false)
            )
        )
),

-- A code that comes with words in all other rows, in a sheet where many rows have none.
wordless as (
    select
        *,
        count(*) over (partition by columns, code) as n_of_code,
        count(words) over (partition by columns, code) as n_of_code_with_words,
        count(*) over (partition by columns) - count(words) over (partition by columns)
            as n_wordless
    from coded
    where columns != 'condition'
    qualify
        words is null
        and (row_number, columns) not in (select (row_number, columns) from foreign_words)
        and n_of_code >= 4
        and n_of_code_with_words = n_of_code - 1
        and n_wordless >= 10
),

-- Main pools, or parts, of a source with the same words, or none, beside them.
beside as (
    {%- for column in shared_codes %}
    select
        row_number,
        effect_id as row_id,
        meta_analysis_id,
        '{{ column }}' as columns,
        {{ column }} as code,
        concat_ws(
            ' / ', scope, restriction
            {%- if column in worded %}, {{ worded[column][0] }}{% endif %}
        ) as words
    from effects
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

alone as (
    select
        *,
        count(*) over source as n_rows,
        if(code = min(code) over source, max(code) over source, min(code) over source)
            as usual_code,
        count(distinct code) over source as n_codes
    from beside
    window source as (partition by meta_analysis_id, columns, words)
    qualify
        code not in ({{ unsaid_codes() }})
        and n_codes = 2
        and n_rows >= 3
        and count(*) over (partition by meta_analysis_id, columns, words, code) = 1
),

found as (
    select
        row_number,
        row_id,
        'code_unlike_its_words' as rule,
        columns,
        replace(code, '_', ' ') || ' beside "' || said || '"' as printed,
        'other rows have these words with another code, and none with this one' as why,
        replace(usual_code, '_', ' ') as candidate
    from foreign_words

    union all by name

    select
        row_number,
        row_id,
        'code_unlike_its_words' as rule,
        columns,
        replace(code, '_', ' ') || ' without words of the source' as printed,
        'all other rows of this code have the words of the source beside it' as why
    from wordless

    union all by name

    select
        row_number,
        row_id,
        'code_unlike_its_source' as rule,
        columns,
        replace(code, '_', ' ') as printed,
        'all ' || (n_rows - 1) || ' other rows of its source that say no more have another code'
            as why,
        replace(usual_code, '_', ' ') as candidate
    from alone
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
        candidate
    from found
)

select * from final
