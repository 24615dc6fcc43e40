{% macro analysis_filter(columns, row='effects', analysis='analyses') -%}
    {%- for column in columns %}
    {{ "and " if not loop.first -}}
    ({{ analysis }}.{{ column }} is null or {{ row }}.{{ column }} = {{ analysis }}.{{ column }})
    {%- endfor %}
{%- endmacro %}
