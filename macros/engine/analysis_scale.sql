{% macro analysis_scale(column) -%}
    case
        when not is_plain_ratio then {{ column }}
        when {{ column }} > 0 then ln({{ column }})
    end
{%- endmacro %}
