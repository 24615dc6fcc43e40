{% macro above_favours() -%}
    case
        when review_kind != 'interventions' or scale = 'fisher_z' or {{ is_of_rates('scale') }} then null
        when scale = 'smd' or polarity = 'more_is_better' then true
        when polarity = 'more_is_worse' then false
    end
{%- endmacro %}


{% macro side_in_words(side, analyses) -%}
    case {{ side }}
        when 'neither' then 'no clear effect'
        when 'above' then {{ analyses }}.side_verb || 's ' || {{ analyses }}.above_text
        when 'below' then {{ analyses }}.side_verb || 's ' || {{ analyses }}.below_text
    end
{%- endmacro %}


{% macro amount_word(analyses) -%}
    case
        when
            {{ analyses }}.quantity in ('event', 'time_to_event')
            and {{ analyses }}.polarity = 'more_is_better'
            then 'chance'
        when {{ analyses }}.quantity in ('event', 'time_to_event') then 'risk'
        when {{ analyses }}.quantity = 'event_count' then 'rate'
        when {{ analyses }}.quantity = 'correlation' then 'correlation'
        when {{ analyses }}.quantity = 'proportion' then 'share'
    end
{%- endmacro %}


{% macro side_words(analyses) -%}
    {%- set amount = amount_word(analyses) %}
    {%- for place, favoured, higher in [('above', true, 'higher'), ('below', false, 'lower')] %}
    case
        when {{ analyses }}.above_favours is null
            then
                case
                    when {{ analyses }}.quantity = 'correlation'
                        then '{{ higher }} ' || {{ analyses }}.noun
                    else coalesce('a {{ higher }} ' || {{ amount }} || ' of ', '{{ higher }} ')
                        || {{ analyses }}.noun
                end
        when {{ analyses }}.above_favours = {{ favoured }}
            then 'the ' || {{ analyses }}.studied_word
        else 'the ' || {{ analyses }}.comparison_word
    end as {{ place }}_text,
    case
        when {{ analyses }}.above_favours is null
            then '{{ higher | capitalize }}' || coalesce(' ' || {{ amount }}, '')
        when {{ analyses }}.above_favours = {{ favoured }}
            then 'Favours ' || {{ analyses }}.studied_word
        else 'Favours ' || {{ analyses }}.comparison_word
    end as {{ place }}_axis,
    {%- endfor %}
    if({{ analyses }}.above_favours is null, 'show', 'favour') as side_verb
{%- endmacro %}
