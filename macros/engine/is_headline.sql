{% macro is_headline(analyses) -%}
    coalesce({{ analyses }}.is_headline = 'y', {{ analyses }}.analysis_group = 'condition')
{%- endmacro %}
