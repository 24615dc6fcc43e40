{% macro display_scale(value, shown_as) -%}
    case {{ shown_as }}
        when 'exp' then exp({{ value }})
        when 'tanh' then tanh({{ value }})
        when 'expit' then proportion_from_logit({{ value }})
        else {{ value }}
    end
{%- endmacro %}
