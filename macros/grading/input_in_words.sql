{% macro input_in_words(input) -%}
    case {{ input }}
        when 'p_value' then 'P of the effect'
        when 'n_cases' then 'cases'
        when 'n_participants' then 'participants'
        when 'i2' then 'I²'
        when 'pi_distance' then 'prediction interval'
        when 'egger_p' then 'Egger''s P'
        when 'excess_p' then 'P of excess significance'
        when 'excess_p_tess_psst' then 'P of excess significance'
        when 'largest_distance' then 'largest study'
        when 'k' then 'number of studies'
        else replace({{ input }}, '_', ' ')
    end
{%- endmacro %}
