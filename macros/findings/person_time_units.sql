{#- Person-time of a row that names its time_unit, read in another unit: months typed as years are
    twelve times as long. -#}

{#- The units in which a number of times its person-time lies within bounds; those of no unit but
    its own are none. -#}
{% macro times_within(number, low, high) -%}
    list_filter(
        ['person-months', 'person-weeks', 'person-days', 'person-years'],
        lambda unit: unit != time_unit
        and ({{ number }}) * {{ times_of_unit('unit') }} between {{ low }} and {{ high }}
    )
{%- endmacro %}


{#- How many of the row's unit one of another is. -#}
{% macro times_of_unit(unit, own="('per 1 ' || time_unit)") -%}
    {{ years_of_time("('per 1 ' || " ~ unit ~ ")") }} / {{ years_of_time(own) }}
{%- endmacro %}


{#- Years that no participants are followed for, on average. -#}
{% macro longest_follow_up() -%}
    50
{%- endmacro %}
