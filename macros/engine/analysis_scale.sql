{% macro analysis_scale(column) -%}
    case
        when not is_as_shown then {{ column }}
        when shown_as = 'exp' and {{ column }} > 0 then ln({{ column }})
        when shown_as = 'tanh' and abs({{ column }}) < 1 then atanh({{ column }})
    end
{%- endmacro %}
