{% macro amount_of_exposure(analyses) -%}
    if({{ analyses }}.shown_as = 'exp', {{ analyses }}.measure_unit, null)
{%- endmacro %}
