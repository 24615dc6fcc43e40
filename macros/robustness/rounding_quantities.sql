{% macro rounding_quantities() -%}
    {{ return([
        'estimate', 'ci_low', 'ci_high', 'p_value', 'pi_low', 'pi_high', 'i2_q', 'egger_p',
    ]) }}
{%- endmacro %}


{% macro rounding_results(fit, egger) -%}
    [
        {%- for quantity in rounding_quantities() if quantity != 'egger_p' %}
        {{ fit }}.{{ quantity }},
        {%- endfor %}
        {{ egger }}.p_value
    ]
{%- endmacro %}
