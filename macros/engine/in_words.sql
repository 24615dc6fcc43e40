{% macro flag_in_words(flag) -%}
    case {{ flag }}
        when 'check_source' then 'number to be checked against its source'
        when 'composite_outcome' then 'outcome mixes [[conditions]]'
        when 'seed_text_only' then 'known from the published review only'
        when 'ci_excludes_estimate' then 'the interval does not hold the estimate'
        when 'duplicate_of_claim' then 'repeats a number of the published review'
        when 'not_against_control' then 'compared with something else than a control'
        when 'value_implausible' then 'implausible value'
        when 'within_group' then 'change within one group'
        else replace({{ flag }}, '_', ' ')
    end
{%- endmacro %}


{% macro reason_in_words(reason, exclusion_label, measure_label) -%}
    case
        when starts_with({{ reason }}, 'meta-analysis excluded: ')
            then
                'the [[member]] is excluded: '
                || coalesce({{ exclusion_label }}, substr({{ reason }}, 25))
        when starts_with({{ reason }}, 'restricted row: ')
            then
                'restricted to '
                || replace(
                    replace(replace(substr({{ reason }}, 17), '=', ' '), ';', ', '), '_', ' '
                )
        when starts_with({{ reason }}, 'flag: ')
            then {{ flag_in_words('substr(' ~ reason ~ ', 7)') }}
        when starts_with({{ reason }}, 'measure is never pooled: ')
            then
                'measure that is never pooled: '
                || coalesce({{ measure_label }}, substr({{ reason }}, 26))
        else
            regexp_replace(
                {{ reason }}, '(per|of its|is no) meta-analysis', '\1 [[member]]', 'g'
            )
    end
{%- endmacro %}


{% macro step_in_words(step) -%}
    case
        when {{ step }} = 'sign reversed'
            then 'sign reversed, so that above zero favours the [[studied]]'
        when starts_with({{ step }}, 'SMD by Hasselblad-Hedges (Cox beside it)')
            then
                'as an SMD, log odds ratio times √3/π (Hasselblad and Hedges)'
                || substr({{ step }}, 41)
        when {{ step }} = 'natural logarithm' then 'logarithm taken'
        when starts_with({{ step }}, 'SE ') then 'standard error ' || substr({{ step }}, 4)
        else {{ step }}
    end
{%- endmacro %}


{% macro within_sentence(label) -%}
    if(
        regexp_matches({{ label }}, '^[A-Z][^A-Z0-9 ]*( |$)'),
        lower(left({{ label }}, 1)) || substr({{ label }}, 2),
        {{ label }}
    )
{%- endmacro %}


{% macro in_sentence_case(words) -%}
    list_transform([{{ words }}], lambda said: upper(left(said, 1)) || substr(said, 2))[1]
{%- endmacro %}
