{#- The measure of absolute_from_effect for a scale; NULL for a scale without one. -#}
{% macro absolute_measure(scale) -%}
    if(
        {{ scale }} in (
            'log_odds_ratio', 'log_risk_ratio', 'log_hazard_ratio', 'log_incidence_rate_ratio',
            'risk_difference'
        ),
        replace({{ scale }}, 'log_', ''),
        null
    )
{%- endmacro %}


{#- Which sign of a difference is good: 1, -1, or NULL where nothing says so. -#}
{% macro sign_of_benefit(analyses) -%}
    case
        when coalesce(
            {{ analyses }}.above_favours, {{ analyses }}.polarity = 'more_is_better'
        ) then 1
        when
            not {{ analyses }}.above_favours or {{ analyses }}.polarity = 'more_is_worse'
            then -1
    end
{%- endmacro %}


{#- Certainty as GRADE draws it, ⊕⊕◯◯ for the third of four grades. -#}
{% macro certainty_symbols(place, n_grades) -%}
    repeat('⊕', cast({{ n_grades }} - {{ place }} + 1 as integer))
    || repeat('◯', cast({{ place }} - 1 as integer))
{%- endmacro %}
