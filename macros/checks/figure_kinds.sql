{#-
  Kinds of figures, as the model behind each declares them in its meta; or those whose `blocks`
  are among the arguments: `one`, `some` (one or more) or `any` number of rows of figure_blocks.
-#}
{% macro figure_kinds() %}
    {%- set found = [] %}
    {%- for node in (graph.nodes.values() if execute else []) %}
        {%- set kind = node.config.get('meta', {}).get('figure_kind') %}
        {%- if kind and (not varargs or kind.blocks in varargs) %}
            {%- do found.append(kind.name) %}
        {%- endif %}
    {%- endfor %}
    {{ return(found | sort) }}
{% endmacro %}


{#- Values that a column of a sheet may have, as a list in SQL; NULL for no such list. -#}
{% macro allowed_values(column) %}
    {%- set allowed = column.meta.get('allowed') %}
    {%- if allowed == 'figure_kinds' %}
        {%- set allowed = figure_kinds() %}
    {%- endif %}
    {{- sql_list(allowed) if allowed else 'cast(null as varchar[])' }}
{%- endmacro %}


{#- Texts as a list in SQL. -#}
{% macro sql_list(texts) -%}
    ['{{ texts | join("', '") }}']
{%- endmacro %}
