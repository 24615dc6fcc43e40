{% macro favours(ci_low, ci_high) -%}
    case
        when {{ ci_low }} > 0 then 'intervention'
        when {{ ci_high }} < 0 then 'control'
        when {{ ci_low }} is not null then 'neither'
    end
{%- endmacro %}
