-- Grain: one row per row of a sheet, rule and columns: rows that do not go with their place in the
-- table: its order, the codes of their neighbours, the question that they answer.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
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

-- Codes of a row between two rows of its source that agree.
{% set codes = ['condition', 'outcome', 'measure', 'comparator', 'favourable_direction'] -%}
alone as (
    {%- for code in codes %}
    select
        sheet,
        row_number,
        row_id,
        '{{ code }}' as columns,
        {{ code }} as printed,
        lag({{ code }}) over table_of as other
    from {{ ref('int_coded_rows') }}
    where {{ code }} is not null
    window table_of as (partition by sheet, meta_analysis_id order by row_number)
    qualify
        lag({{ code }}) over table_of = lead({{ code }}) over table_of
        and {{ code }} != lag({{ code }}) over table_of
        and count(*) over (partition by sheet, meta_analysis_id, {{ code }}) = 1
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

-- And two rates of an arm.
rate_questions as (
    select
        row_number,
        rate_id as row_id,
        concat_ws(
            ' ', percent || '%', rate, rate_unit,
            events || ' of ' || total || if(person_time is null, '', ' people'),
            events || ' in ' || {{ show('person_time') }}
        ) as printed,
        count(*) over question as n_rows,
        string_agg(rate_id, ', ' order by row_number) over question as row_ids
    from {{ ref('stg_extraction__reported_rates') }}
    window question as (
        partition by
            meta_analysis_id, condition, outcome, definition, definition_class, arm, guidance,
            comparator, restriction, rate_unit is null
    )
),

pools as (
    select
        row_number,
        effect_id as row_id,
        meta_analysis_id,
        scope,
        restriction,
        coalesce(restriction, subtype) is null as is_of_all,
        coalesce(restriction, severity) is null
        and timepoint = 'post'
        {%- for column in ['guidance', 'comparator', 'subtype'] %}
        -- What all rows of a source say tells none of them from the rest.
        and (
            coalesce({{ column }}, 'unclear') in ('mixed', 'unclear')
            or min(coalesce({{ column }}, '')) over source
            = max(coalesce({{ column }}, '')) over source
        )
        {%- endfor %} as is_of_any_kind,
        n_comparisons,
        n_total,
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
    window
        question as (partition by meta_analysis_id, condition, outcome, timepoint, measure),
        source as (partition by meta_analysis_id)
),

-- A part that has all trials, or all participants, of its meta-analysis.
as_large as (
    select
        pools.*,
        concat_ws(
            ', ',
            if(
                pools.n_comparisons >= sources.n_trials,
                {{ counted("pools.n_comparisons", "'study'", "'studies'") }}, null
            ),
            if(
                pools.n_total >= sources.n_participants,
                {{ counted("pools.n_total", "'participant'", "'participants'") }}, null
            )
        ) as all_of_it
    from pools
    inner join {{ ref('stg_extraction__meta_analyses') }} as sources
        on pools.meta_analysis_id = sources.meta_analysis_id
    where pools.scope = 'subgroup' and pools.is_of_all and pools.n_overall = 0
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
        'part_as_large_as_its_source' as rule,
        'scope' as columns,
        replace(scope, '_', ' ') || ' of ' || all_of_it as printed,
        'all of its meta-analysis, and no row of this question is the main pool' as why
    from as_large
    where all_of_it != ''

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
        'reported_rates' as sheet,
        row_number,
        row_id,
        'same_question_twice' as rule,
        'condition, outcome, definition, arm, comparator, restriction' as columns,
        printed,
        'rates of one source with the same codes: ' || row_ids as why
    from rate_questions
    where n_rows > 1

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'part_without_its_whole' as rule,
        'scope' as columns,
        replace(scope, '_', ' ') as printed,
        if(
            n_pools > 1,
            'the largest of its rows, without a restriction, and none is the main pool',
            'the only pool of this question, and no cell says which part it is'
        ) as why
    from pools
    where
        scope = 'subgroup'
        and n_overall = 0
        and (
            (n_pools > 1 and restriction is null and (n_unrestricted = 1 or is_larger))
            or (n_pools = 1 and is_of_any_kind)
        )

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
),

final as (
    select
        *,
        cast(null as varchar) as candidate
    from found
)

select * from final
