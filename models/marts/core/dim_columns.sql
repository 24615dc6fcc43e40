-- Grain: one row per column of each table of the marts and the reports, as its property file
-- declares it.
with

declared (
    table_schema, table_name, column_order, column_name, data_type, is_nullable, is_key, description
) as (
    {% if execute %}
    values
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.fqn[1] in ('marts', 'reports') %}
    {%- set keys = node.constraints | selectattr('type', 'equalto', 'primary_key') | map(attribute='columns') | sum(start=[]) %}
    {{- "," if not loop.first }}
    {%- for column in node.columns.values() %}
    {%- set limits = column.constraints | map(attribute='type') | list %}
    {%- set is_key = column.name in keys or 'primary_key' in limits %}
    (
        {{ sql_text(node.schema) }}, {{ sql_text(node.name) }}, {{ loop.index }},
        {{ sql_text(column.name) }}, {{ sql_text(column.data_type) }},
        {{ (not is_key and 'not_null' not in limits) | lower }}, {{ is_key | lower }},
        {{ sql_text(column.description) }}
    ){{ "," if not loop.last }}
    {%- endfor %}
    {%- endfor %}
    {% else %}
    select 1 as placeholder_until_executed
    {% endif %}
)

select * from declared
order by table_schema, table_name, column_order
