{#- Person-years of an amount of person-time as sheets are read, such as per 1000 person-months; NULL
    for any other text. -#}
{% macro person_years(unit) -%}
    ({{ amount_of_time(unit) }} * {{ years_of_time(unit) }})
{%- endmacro %}


{% macro amount_of_time(unit) -%}
    try_cast(regexp_extract({{ unit }}, {{ person_time_pattern() }}, 1) as double)
{%- endmacro %}


{% macro years_of_time(unit) -%}
    case regexp_extract({{ unit }}, {{ person_time_pattern() }}, 2)
        when 'year' then 1
        when 'month' then 1 / 12
        when 'week' then 7 / 365.25
        when 'day' then 1 / 365.25
    end
{%- endmacro %}


{% macro person_time_pattern() -%}
    '^per ([0-9.]+) person-(year|month|week|day)s?$'
{%- endmacro %}
