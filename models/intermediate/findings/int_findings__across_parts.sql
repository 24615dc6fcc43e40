-- Grain: one row per row of a sheet and rule that does not go with the whole it belongs to, or with
-- what it updates: numbers of studies and participants, and the main pool between its parts.
with

numbers as (
    select * from {{ ref('int_comparable_numbers') }}
),

meta_analyses as (
    select
        *,
        concat_ws(
            ', ', {{ counted("n_trials", "'trial'", "'trials'") }},
            {{ counted("n_participants", "'participant'", "'participants'") }}
        ) as printed,
        n_participants / nullif(n_trials, 0) as n_per_trial,
        median(n_per_trial) over () as usual_n,
        count(n_per_trial) over () as n_with_both
    from {{ ref('stg_extraction__meta_analyses') }}
),

sizes as (
    {%- for sheet, id, k, n, model in [
        ('reported_effects', 'effect_id', 'n_comparisons', 'n_total', 'int_adjudicated_effects'),
        ('reported_rates', 'rate_id', 'n_studies', 'total', 'stg_extraction__reported_rates'),
    ] %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        meta_analysis_id,
        {{ k }} as k,
        {{ n }} as n,
        '{{ k }}' as k_column,
        '{{ n }}' as n_column
    from {{ ref(model) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- A trial may give several comparisons; a participant is counted once.
above_its_source as (
    {%- for size, whole, words, times in [
        ('k', 'n_trials', 'studies', '1.5'), ('n', 'n_participants', 'participants', '1'),
    ] %}
    select
        sizes.sheet,
        sizes.row_number,
        sizes.row_id,
        sizes.{{ size }}_column as columns,
        sizes.{{ size }} as part,
        '{{ words }}' as words,
        meta_analyses.row_number as whole_row,
        meta_analyses.meta_analysis_id as whole_id,
        '{{ whole }}' as whole_columns,
        meta_analyses.{{ whole }} as whole
    from sizes
    inner join meta_analyses on sizes.meta_analysis_id = meta_analyses.meta_analysis_id
    where sizes.{{ size }} > {{ times }} * meta_analyses.{{ whole }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Rows of one meta-analysis on the same question: what its main pool can be compared with.
effects as (
    select
        effects.*,
        numbers.y,
        concat_ws(
            ' / ', effects.meta_analysis_id, effects.condition, effects.subtype, effects.outcome,
            effects.timepoint, effects.follow_up_months, numbers.unit
        ) as question
    from {{ ref('int_adjudicated_effects') }} as effects
    inner join numbers
        on numbers.sheet = 'reported_effects' and effects.row_number = numbers.row_number
    where effects.restriction is null
),

wholes as (
    select * from effects
    where scope = 'overall'
),

parts as (
    select * from effects
    where scope != 'overall'
),

above_the_main_pool as (
    {%- for column, words in [('n_comparisons', 'studies'), ('n_total', 'participants')] %}
    select
        parts.row_number,
        parts.effect_id as row_id,
        '{{ column }}' as columns,
        parts.{{ column }} as part,
        '{{ words }}' as words,
        max(wholes.{{ column }}) as whole,
        arg_max(wholes.row_number, wholes.{{ column }}) as whole_row,
        arg_max(wholes.effect_id, wholes.{{ column }}) as whole_id
    from parts
    inner join wholes on parts.question = wholes.question
    group by all
    having parts.{{ column }} > max(wholes.{{ column }})
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Both ends: either may be the one with the slip.
too_large as (
    select
        sheet,
        row_number,
        row_id,
        columns,
        part,
        whole,
        words,
        whole_id as other_id
    from above_its_source
    union all
    select
        'meta_analyses' as sheet,
        whole_row as row_number,
        whole_id as row_id,
        whole_columns as columns,
        max(part) as part,
        whole,
        words,
        arg_max(row_id, part) as other_id
    from above_its_source
    group by all
    union all
    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        columns,
        part,
        whole,
        words,
        whole_id as other_id
    from above_the_main_pool
    union all
    select
        'reported_effects' as sheet,
        whole_row as row_number,
        whole_id as row_id,
        columns,
        max(part) as part,
        whole,
        words,
        arg_max(row_id, part) as other_id
    from above_the_main_pool
    group by all
),

-- A meta-analysis whose own numbers are of another size than those of all its pools.
far_above_its_parts as (
    select
        meta_analyses.row_number,
        meta_analyses.meta_analysis_id as row_id,
        meta_analyses.printed,
        meta_analyses.n_trials > 4 * max(sizes.k) as has_many_trials,
        meta_analyses.n_participants > 4 * max(sizes.n) as has_many_participants,
        concat_ws(
            ', ', 'k ' || max(sizes.k), 'n ' || max(sizes.n)
        ) as largest
    from meta_analyses
    inner join sizes on meta_analyses.meta_analysis_id = sizes.meta_analysis_id
    group by
        meta_analyses.row_number, meta_analyses.meta_analysis_id, meta_analyses.printed,
        meta_analyses.n_trials, meta_analyses.n_participants
),

outside_its_parts as (
    select
        wholes.row_number,
        wholes.effect_id as row_id,
        wholes.estimate,
        wholes.y,
        count(*) as n_parts,
        min(parts.y) as y_low,
        max(parts.y) as y_high,
        arg_min(parts.estimate, parts.y) as first_estimate,
        arg_max(parts.estimate, parts.y) as last_estimate
    from wholes
    inner join parts on wholes.question = parts.question
    where wholes.y is not null and parts.y is not null
    group by all
    -- The last printed decimal of both is open.
    having
        count(*) >= 2
        and (wholes.y < min(parts.y) - 0.01 or wholes.y > max(parts.y) + 0.01)
),

-- Parts by a code that no comparison has twice, beside their main pool: guided and unguided.
exclusive_parts as (
    {%- for column, vocabulary in [('guidance', 'guidances'), ('severity', 'severities')] %}
    select
        wholes.row_number,
        wholes.effect_id as row_id,
        wholes.estimate,
        wholes.y,
        wholes.n_comparisons,
        wholes.n_total,
        count(*) as n_parts,
        sum(parts.n_comparisons) as k_of_parts,
        sum(parts.n_total) as n_of_parts,
        count(parts.n_comparisons) as n_parts_with_k,
        count(parts.n_total) as n_parts_with_n,
        min(parts.y) as y_low,
        max(parts.y) as y_high,
        count(parts.y) as n_parts_with_y,
        {{ few_named('parts.effect_id', 'parts.row_number') }} as named
    from wholes
    inner join parts
        on
            wholes.question = parts.question
            and parts.{{ column }} not in (
                select code
                from {{ ref('stg_vocabulary__codes') }}
                where vocabulary = '{{ vocabulary }}' and role in ('mixed', 'unclear')
            )
            and wholes.{{ column }} is distinct from parts.{{ column }}
            {%- set others = ['guidance', 'severity', 'comparator', 'analysis_set'] %}
            {%- for other in others if other != column %}
            and wholes.{{ other }} is not distinct from parts.{{ other }}
            {%- endfor %}
    group by all
    having count(*) >= 2 and count(*) = count(distinct parts.{{ column }})
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

exclusive as (
    select
        *,
        n_parts_with_k = n_parts and k_of_parts > n_comparisons as has_many_comparisons,
        -- A control group that two parts share is counted in both.
        n_parts_with_n = n_parts and n_of_parts > 1.5 * n_total as has_many_participants,
        n_parts_with_k = n_parts
        and n_parts_with_y = n_parts
        and k_of_parts = n_comparisons
        and (y < y_low - 0.05 or y > y_high + 0.05) as is_outside
    from exclusive_parts
),

older_updates as (
    {%- for column, words in [('year', 'appeared in'), ('n_trials', 'has trials:')] %}
    select
        newer.row_number,
        newer.meta_analysis_id as row_id,
        '{{ column }}' as columns,
        newer.{{ column }} as printed,
        older.{{ column }} as implied_low,
        'it updates ' || older.meta_analysis_id || ', which {{ words }} ' || older.{{ column }}
            as why
    from {{ ref('stg_extraction__ma_relations') }} as relations
    inner join meta_analyses as newer on relations.meta_analysis_id = newer.meta_analysis_id
    inner join meta_analyses as older on relations.related_id = older.meta_analysis_id
    where relations.relation = 'updates' and newer.{{ column }} < older.{{ column }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        sheet,
        row_number,
        row_id,
        'part_above_its_whole' as rule,
        columns,
        part || ' of ' || whole || ' ' || words as printed,
        cast(null as double) as implied_low,
        cast(whole as double) as implied_high,
        'a part has more ' || words || ' than its whole: ' || other_id as why,
        cast(null as varchar) as candidate
    from too_large
    qualify
        row_number() over (
            partition by sheet, row_number, columns order by part - whole desc, other_id
        ) = 1

    union all

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'whole_outside_its_parts' as rule,
        'estimate, favourable_direction' as columns,
        estimate || ' with ' || {{ counted("n_parts", "'part'", "'parts'") }} || ' from '
        || first_estimate || ' to ' || last_estimate as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the pool of all lies outside the pools of its parts' as why,
        if(-y between y_low and y_high, 'the sign or the direction is turned', null) as candidate
    from outside_its_parts

    union all

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'exclusive_parts_above_whole' as rule,
        concat_ws(
            ', ', if(has_many_comparisons, 'n_comparisons', null),
            if(has_many_participants, 'n_total', null)
        ) as columns,
        concat_ws(
            ', ',
            if(has_many_comparisons, n_comparisons || ' with parts of ' || k_of_parts, null),
            if(has_many_participants, n_total || ' with parts of ' || n_of_parts, null)
        ) as printed,
        if(has_many_comparisons, cast(k_of_parts as double), null) as implied_low,
        cast(null as double) as implied_high,
        'parts that have no comparison in common add up to more than their whole: ' || named as why,
        cast(null as varchar) as candidate
    from exclusive
    where has_many_comparisons or has_many_participants

    union all

    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'whole_outside_exclusive_parts' as rule,
        'estimate, favourable_direction' as columns,
        estimate || ' of ' || n_comparisons as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'these parts have all its comparisons, and it lies outside of them: ' || named as why,
        if(-y between y_low and y_high, 'the sign or the direction is turned', null) as candidate
    from exclusive
    where is_outside

    union all

    select
        'meta_analyses' as sheet,
        row_number,
        row_id,
        'whole_far_above_its_parts' as rule,
        concat_ws(
            ', ', if(has_many_trials, 'n_trials', null),
            if(has_many_participants, 'n_participants', null)
        ) as columns,
        printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'more than four times the largest of its pools: ' || largest as why,
        cast(null as varchar) as candidate
    from far_above_its_parts
    where has_many_trials or has_many_participants

    union all

    select
        'meta_analyses' as sheet,
        row_number,
        row_id,
        'update_older_than_original' as rule,
        columns,
        cast(printed as varchar) as printed,
        cast(implied_low as double) as implied_low,
        cast(null as double) as implied_high,
        why,
        cast(null as varchar) as candidate
    from older_updates
    qualify
        row_number() over (partition by row_number, columns order by implied_low desc, why) = 1

    union all

    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        'unusual_size_of_trials' as rule,
        'n_trials, n_participants' as columns,
        {{ counted("n_participants", "'participant'", "'participants'") }} || ' of '
        || {{ counted("n_trials", "'trial'", "'trials'") }} as printed,
        usual_n / 5 as implied_low,
        6 * usual_n as implied_high,
        'the trials would have '
        || {{ counted("cast(round(n_per_trial) as bigint)", "'participant'", "'participants'") }}
        || ' each' as why,
        cast(null as varchar) as candidate
    from meta_analyses
    where
        n_with_both >= 8
        and (n_per_trial < usual_n / 5 or n_per_trial > 6 * usual_n)
)

select * from final
