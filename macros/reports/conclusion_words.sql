{#- Pieces of the sentences of rpt_conclusions. -#}

{#- An estimate with its interval, with true minus signs. -#}
{% macro conclusion_ci(row) -%}
    case
        when {{ row }}.ci_low is null then {{ true_minus("printf('%.2f', " ~ row ~ ".estimate)") }}
        else
            {{ true_minus('display_ci(' ~ row ~ '.estimate, ' ~ row ~ '.ci_low, ' ~ row ~ '.ci_high)') }}
    end
{%- endmacro %}


{#- Two limits: −0.13 to 1.22. -#}
{% macro conclusion_limits(low, high) -%}
    {{ true_minus("printf('%.2f to %.2f', " ~ low ~ ', ' ~ high ~ ')') }}
{%- endmacro %}


{#- A share from 0 to 1 in percent; only what is all is 100%, only what is none is 0%. -#}
{% macro conclusion_share(share) -%}
    case
        when {{ share }} < 1 and round(100 * {{ share }}) = 100 then '>99'
        when {{ share }} > 0 and round(100 * {{ share }}) = 0 then '<1'
        else printf('%.0f', round(100 * {{ share }}))
    end || '%'
{%- endmacro %}


{#- A grade with what stays possible, its reason and what the next asks for. -#}
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
