{% macro amount_of_exposure(analyses) -%}
    if({{ analyses }}.shown_as = 'exp', {{ analyses }}.measure_unit, null)
{%- endmacro %}


{#- Units of amounts that are a number of others; any other unit is its own. -#}
{% macro units_of_amounts() %}
    {{ return([
        ('kg', 'g', 1000), ('mg', 'g', 0.001), ('µg', 'g', 0.000001), ('l', 'ml', 1000),
        ('kJ', 'kcal', 1 / 4.184), ('km', 'cm', 100000), ('h', 'min', 60),
    ]) }}
{% endmacro %}


{#- Amounts as sheets are read (umbrella/sheets/units.py), such as per 10 g/day; plurals lose their s. -#}
{% macro part_of_amount(unit, part) -%}
    regexp_extract({{ unit }}, '^per ([0-9.]+) (.+?)s?(?:/(day|week|month|year))?$', {{ part }})
{%- endmacro %}


{#- How much it is in the basic unit, by the day where it is over time; NULL for no amount. -#}
{% macro quantity_of_amount(unit) -%}
    (
        try_cast({{ part_of_amount(unit, 1) }} as double)
        * case {{ part_of_amount(unit, 2) }}
            {%- for name, _, factor in units_of_amounts() %}
            when '{{ name }}' then {{ '%.15f' | format(factor) }}
            {%- endfor %}
            else 1
        end
        / case {{ part_of_amount(unit, 3) }}
            when 'week' then 7
            when 'month' then 365.25 / 12
            when 'year' then 365.25
            else 1
        end
    )
{%- endmacro %}


{% macro kind_of_amount(unit) -%}
    case {{ part_of_amount(unit, 2) }}
        {%- for name, basic, _ in units_of_amounts() %}
        when '{{ name }}' then '{{ basic }}'
        {%- endfor %}
        else {{ part_of_amount(unit, 2) }}
    end || if({{ part_of_amount(unit, 3) }} = '', '', ' over time')
{%- endmacro %}


{#- How many times one amount is another, such as 2 for per 10 g/day and per 35 g/week; NULL where
    neither is a number of the other. -#}
{% macro times_of_amounts(one, other) -%}
    if(
        {{ kind_of_amount(one) }} = {{ kind_of_amount(other) }},
        {{ quantity_of_amount(one) }} / nullif({{ quantity_of_amount(other) }}, 0),
        null
    )
{%- endmacro %}
