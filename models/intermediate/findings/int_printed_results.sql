-- Grain: one row per part of a row of a sheet that holds a result: the numbers in force with their
-- text, and the range of numbers that would be printed so.
{% set rounded, whole = result_numbers()['rounded'], result_numbers()['whole'] %}
{% set texts = result_words() %}
{% set adjudicated = adjudicated_fields() | map('first') | list %}
with

decisions as (
    select
        effect_id
        {%- for field in adjudicated %},
        max(adjudicated_value) filter (field = '{{ field }}') as {{ field }}
        {%- endfor %}
    from {{ ref('stg_extraction__adjudications') }}
    group by effect_id
),

{% for part in result_parts() %}
{% set is_first_reading = part.sheet == 'reported_effects' %}
of_{{ part.part }} as (
    select
        '{{ part.sheet }}' as sheet,
        '{{ part.part }}' as part,
        valid.row_number,
        valid.{{ part.key }} as row_id,
        {% if part.part == 'trial_smd' -%}
        'hedges_g' as measure
        {%- else -%}
        valid.measure
        {%- endif %}
        {%- for name in texts %},
        {{ 'valid.' ~ part.cells[name] if name in part.cells else 'cast(null as varchar)' }}
            as {{ name }}
        {%- endfor %}
        {%- for name in rounded + whole %}
        {%- set cell = part.cells.get(name) %}
        {%- if not cell %},
        cast(null as double) as {{ name }},
        cast(null as varchar) as {{ name }}_printed
        {%- else %},
        cast(valid.{{ cell }} as double) as {{ name }},
        {%- if is_first_reading and cell in adjudicated %}
        coalesce(decisions.{{ cell }}, {{ clean_text(cell, 'typed.') }}) as {{ name }}_printed
        {%- else %}
        {{ clean_text(cell, 'typed.') }} as {{ name }}_printed
        {%- endif %}
        {%- endif %}
        {%- endfor %}
    from {{ ref('int_adjudicated_effects' if is_first_reading else 'stg_extraction__' ~ part.sheet) }} as valid
    inner join (
        select
            *,
            rowid + 2 as row_number
        from {{ ref(part.sheet) }}
    ) as typed on valid.row_number = typed.row_number
    {%- if is_first_reading %}
    left join decisions on valid.effect_id = decisions.effect_id
    {%- endif %}
),

{% endfor %}
stacked as (
    {%- for part in result_parts() %}
    select * from of_{{ part.part }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        stacked.*,
        {{ printed_ranges(rounded, whole) }},
        coalesce(measures.measure_family, 'unclear') as measure_family,
        measures.own_scale,
        if(measures.is_as_shown, measures.shown_as, 'identity') as drawn_as,
        scales.plausible_limit,
        scales.possible_limit,
        scales.least_variance
    from stacked
    left join {{ ref('int_measures') }} as measures on stacked.measure = measures.measure
    left join {{ ref('stg_protocol__scales') }} as scales on measures.own_scale = scales.scale
    where
        stacked.part in ('result', 'second')
        or coalesce(stacked.ci_low, stacked.ci_high, stacked.se, stacked.estimate) is not null
)

select * from final
