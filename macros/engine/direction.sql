{% macro benefit_sign(direction) -%}
    case
        when {{ direction }} in ('positive', 'above_one') then 1
        when {{ direction }} in ('negative', 'below_one') then -1
    end
{%- endmacro %}


{% macro contrast_sign(benefit_sign, direction, polarity) -%}
    case
        when {{ direction }} = 'unclear' and coalesce({{ polarity }}, '') != 'neither' then null
        when {{ polarity }} = 'more_is_better' and {{ benefit_sign }} = -1 then -1
        when {{ polarity }} = 'more_is_worse' and {{ benefit_sign }} = 1 then -1
        else 1
    end
{%- endmacro %}


{% macro is_benefit_scale(scale, review_kind) -%}
    ({{ scale }} = 'smd' and {{ review_kind }} = 'interventions')
{%- endmacro %}


{% macro own_effect(value, effects) -%}
    if(
        {{ effects }}.is_signed_by_benefit,
        {{ effects }}.{{ value }}_smd,
        {{ effects }}.{{ value }}_own_scale
    )
{%- endmacro %}


{% macro is_turned(effects) -%}
    if(
        {{ effects }}.is_signed_by_benefit,
        {{ effects }}.is_sign_reversed,
        {{ effects }}.is_contrast_inverted
    )
{%- endmacro %}


{% macro side(ci_low, ci_high) -%}
    case
        when {{ ci_low }} > 0 then 'above'
        when {{ ci_high }} < 0 then 'below'
        when {{ ci_low }} is not null then 'neither'
    end
{%- endmacro %}


{% macro favours(side, above_favours) -%}
    case
        when {{ side }} = 'neither' then 'neither'
        when ({{ side }} = 'above') = {{ above_favours }} then 'intervention'
        when ({{ side }} = 'above') != {{ above_favours }} then 'control'
    end
{%- endmacro %}


{% macro outcome_kind(scale, shown_as) -%}
    case
        when {{ scale }} in ('smd', 'mean_difference', 'fisher_z') then 'continuous'
        when {{ shown_as }} = 'exp' or {{ scale }} = 'risk_difference' then 'ratio'
    end
{%- endmacro %}


{% macro margin_kind(scale, shown_as) -%}
    case when {{ scale }} = 'smd' then 'continuous' when {{ shown_as }} = 'exp' then 'ratio' end
{%- endmacro %}
