-- Grain: one row per row of a sheet and columns that look filled from the row above: the same
-- numbers although it is another study or source, or whole numbers that count up row by row.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

rates as (
    select * from {{ ref('stg_extraction__reported_rates') }}
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

-- Numbers that two rows hardly share by chance, with what they are of: a row of the same may repeat
-- them. `size` is what must differ, too: sources of one size are named elsewhere.
numbers as (
    {%- for cell in ['mean', 'sd'] %}
    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        '{{ cell }}_intervention, {{ cell }}_control' as columns,
        study_id as owner,
        cast(null as bigint) as size,
        {{ cell }}_intervention || ' and ' || {{ cell }}_control as printed,
        {{ cell }}_intervention != {{ cell }}_control
        and ({{ cell }}_intervention % 1 != 0 or {{ cell }}_control % 1 != 0) as is_telling
    from trials
    union all
    {%- endfor %}
    {%- for sheet, id, owner, k, n, words in [
        ('effects', 'effect_id', 'meta_analysis_id', 'n_comparisons', 'n_total', 'reported_effects'),
        ('rates', 'rate_id', 'meta_analysis_id', 'n_studies', 'total', 'reported_rates'),
        (
            'meta_analyses', 'meta_analysis_id', 'meta_analysis_id', 'n_trials', 'n_participants',
            'meta_analyses',
        ),
    ] %}
    select
        '{{ words }}' as sheet,
        row_number,
        {{ id }} as row_id,
        '{{ n }}' as columns,
        {{ owner }} as owner,
        {{ k }} as size,
        {{ counted(n, "'participant'", "'participants'") }} as printed,
        {{ n }} >= 100 as is_telling
    from {{ sheet }}
    union all
    {%- endfor %}
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        'i2, q' as columns,
        -- Two results of one source may have the same Q as little as those of two.
        effect_id as owner,
        cast(null as bigint) as size,
        'I² ' || i2 || ', Q ' || q as printed,
        q % 1 != 0 and i2 > 0 as is_telling
    from effects
),

above as (
    select
        *,
        lag(printed) over rows_of_sheet as printed_above,
        lag(owner) over rows_of_sheet as owner_above,
        lag(size) over rows_of_sheet as size_above,
        lag(row_id) over rows_of_sheet as id_above,
        lag(row_number) over rows_of_sheet as row_above
    from numbers
    window rows_of_sheet as (partition by sheet, columns order by row_number)
),

{% set counting = [
    ('effects', 'reported_effects', 'effect_id', 'n_total'),
    ('rates', 'reported_rates', 'rate_id', 'total'),
    ('meta_analyses', 'meta_analyses', 'meta_analysis_id', 'n_participants'),
    ('trials', 'primary_studies', 'comparison_id', 'n_intervention'),
    ('trials', 'primary_studies', 'comparison_id', 'n_control'),
    ('trials', 'primary_studies', 'comparison_id', 'total_intervention'),
    ('trials', 'primary_studies', 'comparison_id', 'total_control'),
] -%}
counted as (
    {%- for table, sheet, id, column in counting %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        '{{ column }}' as columns,
        {{ column }} as number
    from {{ table }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Numbers less their row: equal in rows that count up. Of these, rows below one another have one
-- row number less their place.
placed as (
    select
        *,
        number - row_number as offset_of_series,
        row_number - row_number() over (
            partition by sheet, columns, number - row_number order by row_number
        ) as offset_of_place
    from counted
    where number >= 20
),

series as (
    select
        *,
        count(*) over one as n_rows,
        min(number) over one as first_number
    from placed
    window one as (partition by sheet, columns, offset_of_series, offset_of_place)
),

found as (
    select
        sheet,
        row_number,
        row_id,
        'numbers_of_the_row_above' as rule,
        columns,
        printed,
        'the row above has the same, of another study or source: ' || id_above as why
    from above
    where
        is_telling
        and printed = printed_above
        and owner != owner_above
        and (size is null or size_above is null or size != size_above)
        and row_above = row_number - 1

    union all

    select
        sheet,
        row_number,
        row_id,
        'numbers_that_count_up' as rule,
        columns,
        cast(number as varchar) as printed,
        n_rows || ' rows below one another count up by one from ' || first_number as why
    from series
    where n_rows >= 3
),

final as (
    select
        *,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        if(
            rule = 'numbers_of_the_row_above', 'filled down from the row above',
            'a series filled down'
        ) as candidate
    from found
)

select * from final
