{% macro analysis_filters(rows=none) %}
    {% set found, filters = [], var('analysis_filters') %}
    {% for column in filters if rows is none or rows in filters[column] %}
        {% do found.append(column) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}


{% macro subgroup_filters() %}
    {{ return(analysis_filters() | reject('in', var('whole_condition_filters')) | list) }}
{% endmacro %}


{% macro analysis_filter(rows, analysis='analyses') -%}
    true
    {%- for column in analysis_filters(rows) %}
    and ({{ analysis }}.{{ column }} is null or {{ rows }}.{{ column }} = {{ analysis }}.{{ column }})
    {%- endfor %}
{%- endmacro %}


{% macro filter_is_open(column, analysis) -%}
    {%- if column in var('taken_where_open') -%}
    (coalesce({{ analysis }}.{{ column }}, '{{ var('taken_where_open')[column] }}') = '{{ var('taken_where_open')[column] }}')
    {%- else -%}
    ({{ analysis }}.{{ column }} is null)
    {%- endif -%}
{%- endmacro %}


{#- Of every filter by which an analysis can be a subgroup, but for those of `besides`. -#}
{% macro filters_are_open(analysis, besides) -%}
    {%- set open = [] -%}
    {%- for column in subgroup_filters() if column not in besides -%}
        {%- do open.append(filter_is_open(column, analysis) | trim) -%}
    {%- endfor -%}
    {{ open | join(' and ') or 'true' }}
{%- endmacro %}


{% macro is_of_arm(rows, analysis='analyses') -%}
    ({{ analysis }}.arm is not null or {{ rows }}.arm in ({{ arms_taken_where_open() }}))
{%- endmacro %}


{% macro arms_taken_where_open() -%}
    'intervention', 'all'
{%- endmacro %}
