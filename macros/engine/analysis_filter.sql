{#-
  Does a row pass an analysis's filters? An empty filter lets everything pass; a filter that is set
  matches only rows whose own code says so.
-#}
{% macro analysis_filter(columns, row='effects', analysis='analyses') -%}
    {%- for column in columns %}
    {{ "and " if not loop.first -}}
    ({{ analysis }}.{{ column }} is null or {{ row }}.{{ column }} = {{ analysis }}.{{ column }})
    {%- endfor %}
{%- endmacro %}
