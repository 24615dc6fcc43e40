{#- Pieces of the sentences of rpt_conclusions. -#}

{% macro conclusion_ci(row) -%}
    case
        when {{ row }}.ci_low is null then {{ true_minus("printf('%.2f', " ~ row ~ ".estimate)") }}
        else
            {{ true_minus('display_ci(' ~ row ~ '.estimate, ' ~ row ~ '.ci_low, ' ~ row ~ '.ci_high)') }}
    end
{%- endmacro %}


{% macro conclusion_limits(low, high, between=' to ') -%}
    {{ true_minus("printf('%.2f" ~ between ~ "%.2f', " ~ low ~ ', ' ~ high ~ ')') }}
{%- endmacro %}


{% macro conclusion_sides(above, neither, below, row) -%}
    if(
        {{ row }}.is_up,
        {{ conclusion_share(above) }} || ' ' || {{ row }}.side_verb || ' ' || {{ row }}.above_text
        || ', ' || {{ conclusion_share(neither) }} || ' neither, '
        || {{ conclusion_share(below) }} || ' ' || {{ row }}.below_text,
        {{ conclusion_share(below) }} || ' ' || {{ row }}.side_verb || ' ' || {{ row }}.below_text
        || ', ' || {{ conclusion_share(neither) }} || ' neither, '
        || {{ conclusion_share(above) }} || ' ' || {{ row }}.above_text
    )
{%- endmacro %}


{% macro conclusion_share(share) -%}
    case
        when {{ share }} < 1 and round(100 * {{ share }}) = 100 then '>99'
        when {{ share }} > 0 and round(100 * {{ share }}) = 0 then '<1'
        else printf('%.0f', round(100 * {{ share }}))
    end || '%'
{%- endmacro %}


{% macro conclusion_grade(prefix) -%}
    case
        when {{ prefix }}_status is null then 'The protocol has no such scheme.'
        when {{ prefix }}_label is null
            then {{ prefix }}_status_text || ' (' || {{ prefix }}_scheme_label || ').'
        else
            {{ prefix }}_label || ' (' || {{ prefix }}_scheme_label || '): ' || {{ prefix }}_reason
            || coalesce('; ' || {{ prefix }}_status_text, '') || '.'
    end
{%- endmacro %}
