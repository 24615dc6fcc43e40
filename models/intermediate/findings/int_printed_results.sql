-- Grain: one row per part of a row of a sheet that holds a result: the numbers in force with their
-- text, and the range of numbers that would be printed so.
{% set rounded, whole = result_numbers()['rounded'], result_numbers()['whole'] %}
{% set adjudicated = adjudicated_fields() | map('first') | list %}
with

decisions as (
    select
        {%- for field in adjudicated %}
        max(adjudicated_value) filter (field = '{{ field }}') as {{ field }},
        {%- endfor %}
        effect_id
    from {{ ref('stg_extraction__adjudications') }}
    group by effect_id
),

typed_effects as (
    {{ sheet_rows('reported_effects') }}
),

typed_second as (
    {{ sheet_rows('second_extraction') }}
),

typed_trials as (
    {{ sheet_rows('primary_studies') }}
),

{% for part in result_parts() %}
of_{{ part.part }} as (
    {{ printed_part(part) }}
),

{% endfor %}
stacked as (
    {%- for part in result_parts() %}
    select * from of_{{ part.part }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

measured as (
    select
        *,
        {{ decimals_beside(rounded) }}
    from stacked
),

final as (
    select
        measured.* exclude (
            {%- for name in rounded %}
            {{ name }}_decimals{{ ',' if not loop.last }}
            {%- endfor %}
        ),
        {{ printed_ranges(rounded, whole) }},
        case measured.favourable_direction
            when 'below_one' then measured.estimate > 1
            when 'above_one' then measured.estimate < 1
            when 'negative' then measured.estimate > 0
            when 'positive' then measured.estimate < 0
        end as is_unfavourable,
        case measured.favourable_direction
            when 'below_one' then measured.ci_low > 1
            when 'above_one' then measured.ci_high < 1
            when 'negative' then measured.ci_low > 0
            when 'positive' then measured.ci_high < 0
        end as excludes_favour,
        -- Harms are asked about once where most rows of an outcome have them: in the first whose
        -- interval leaves nothing else.
        coalesce(
            outcomes.quantity in ('event', 'event_count', 'time_to_event')
            and outcomes.polarity = 'more_is_worse'
            and count_if(is_unfavourable) over of_outcome >= 3
            and 2 * count_if(is_unfavourable) over of_outcome
            > count(is_unfavourable) over of_outcome
            and measured.row_number
            != min(if(excludes_favour, measured.row_number, null)) over of_outcome,
            false
        ) as is_usual_harm,
        coalesce(measures.measure_family, 'unclear') as measure_family,
        measures.own_scale,
        if(measures.is_as_shown, measures.shown_as, 'identity') as drawn_as,
        scales.plausible_limit,
        scales.possible_limit,
        scales.least_variance
    from measured
    left join {{ ref('int_measures') }} as measures on measured.measure = measures.measure
    left join {{ ref('int_outcomes') }} as outcomes on measured.outcome = outcomes.outcome
    left join {{ ref('stg_protocol__scales') }} as scales on measures.own_scale = scales.scale
    where
        measured.part in ('result', 'second')
        or coalesce(measured.ci_low, measured.ci_high) is not null
        or (measured.part != 'prediction' and measured.estimate is not null)
    window of_outcome as (partition by measured.sheet, measured.part, measured.outcome)
)

select * from final
