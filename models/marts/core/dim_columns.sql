-- Grain: one row per column of each table of the marts and the reports, as its property file
-- declares it.
{% if execute %}
{%- set rows = [] %}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.fqn[1] in ('marts', 'reports') %}
{%- set keys = node.constraints | selectattr('type', 'equalto', 'primary_key') | map(attribute='columns') | sum(start=[]) %}
{%- for column in node.columns.values() %}
{%- set limits = column.constraints | map(attribute='type') | list %}
{%- set is_key = column.name in keys or 'primary_key' in limits %}
{%- do rows.append({
    'table_schema': node.schema, 'table_name': node.name, 'column_order': loop.index,
    'column_name': column.name, 'data_type': column.data_type,
    'is_nullable': not is_key and 'not_null' not in limits, 'is_key': is_key,
    'description': column.description,
}) %}
{%- endfor %}
{%- endfor %}
with

declared as (
    {{ declared_rows(rows, {
        'table_schema': 'varchar', 'table_name': 'varchar', 'column_order': 'integer',
        'column_name': 'varchar', 'data_type': 'varchar', 'is_nullable': 'boolean',
        'is_key': 'boolean', 'description': 'varchar',
    }) }}
)

select * from declared
order by table_schema, table_name, column_order
{% else %}
select 1 as placeholder_until_executed
{% endif %}
