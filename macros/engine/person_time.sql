{#- Person-years of an amount of person-time as sheets are read, such as per 1000 person-months; NULL
    for any other text. -#}
{% macro person_years(unit) -%}
    ({{ amount_of_time(unit) }} * {{ years_of_time(unit) }})
{%- endmacro %}


{% macro amount_of_time(unit) -%}
    try_cast(regexp_extract({{ unit }}, {{ person_time_pattern() }}, 1) as double)
{%- endmacro %}


{#- 1000, not 1e+03. -#}
{% macro amount_in_words(amount) -%}
    if(({{ amount }}) >= 1, printf('%.0f', {{ amount }}), printf('%g', {{ amount }}))
{%- endmacro %}


{% macro years_of_time(unit) -%}
    case regexp_extract({{ unit }}, {{ person_time_pattern() }}, 2)
        when 'year' then 1
        when 'month' then 1 / 12
        when 'week' then 7 / 365.25
        when 'day' then 1 / 365.25
    end
{%- endmacro %}


{#- What an amount of person-time is counted in: person-months of per 1000 person-months. -#}
{% macro time_of_unit(unit) -%}
    ('person-' || nullif(regexp_extract({{ unit }}, {{ person_time_pattern() }}, 2), '') || 's')
{%- endmacro %}


{#- What person-time of several units is counted in. -#}
{% macro years_in_words() -%}
    'person-years'
{%- endmacro %}


{#- Needs a rate with its person-time, and the analysis. -#}
{% macro person_time_of(rates, analyses) -%}
    if(
        {{ rates }}.scale = 'logit',
        null,
        {{ rates }}.person_time * {{ years_of_time(rates ~ '.rate_unit') }}
        / {{ years_of_time(analyses ~ '.measure_unit') }}
    )
{%- endmacro %}


{#- A number of a reading in the person-time of the first reader; NULL where a unit cannot be told. -#}
{% macro in_unit_of_first(value, unit) -%}
    if(kind = 'number', try_cast({{ value }} as double), null)
    * case
        when ({{ unit }} is not distinct from first_unit) then 1
        when field in ('rate', 'rate_low', 'rate_high')
            then {{ person_years('first_unit') }} / {{ person_years(unit) }}
        when field = 'person_time'
            then {{ years_of_time(unit) }} / {{ years_of_time('first_unit') }}
        else 1
    end
{%- endmacro %}


{#- The size of members is what is known of most of them: participants or person-time; of rates
    per person-time the latter where both are known of as many. -#}
{% macro is_sized_by_time(scale, n_with_participants, n_with_person_time) -%}
    coalesce(
        {{ n_with_person_time }} > {{ n_with_participants }}
        or (
            {{ n_with_person_time }} = {{ n_with_participants }} and {{ scale }} = 'log_incidence_rate'
        ),
        false
    )
{%- endmacro %}


{% macro person_time_pattern() -%}
    '^per ([0-9.]+) person-(year|month|week|day)s?$'
{%- endmacro %}
