{% macro figure_kinds() %}
    {%- set found = [] %}
    {%- for node in (graph.nodes.values() if execute else []) %}
        {%- set kind = node.config.get('meta', {}).get('figure_kind') %}
        {%- set has_blocks = kind and (not varargs or kind.blocks in varargs) %}
        {%- if has_blocks and (not kwargs or kind.get('shows', 'effects') in (kwargs.shows, 'both')) %}
            {%- do found.append(kind.name) %}
        {%- endif %}
    {%- endfor %}
    {{ return(found | sort) }}
{% endmacro %}


{% macro allowed_values(column) %}
    {%- set allowed = column.meta.get('allowed') %}
    {%- if allowed == 'figure_kinds' %}
        {%- set allowed = figure_kinds() %}
    {%- endif %}
    {{- return(allowed) }}
{%- endmacro %}


{% macro sql_list(texts) -%}
    ['{{ texts | join("', '") }}']
{%- endmacro %}
