-- Grain: one row per table and table that it is made from, as the models name each other.
{% if execute %}
{%- set rows = [] %}
{%- for node in graph.nodes.values() if node.resource_type == 'model' %}
{%- for read in node.depends_on.nodes if read in graph.nodes %}
{%- do rows.append({
    'table_schema': node.schema, 'table_name': node.alias,
    'reads_schema': graph.nodes[read].schema, 'reads_table': graph.nodes[read].alias,
}) %}
{%- endfor %}
{%- endfor %}
with

declared as (
    {{ declared_rows(rows, {
        'table_schema': 'varchar', 'table_name': 'varchar', 'reads_schema': 'varchar',
        'reads_table': 'varchar',
    }) }}
)

select distinct * from declared
order by table_schema, table_name, reads_schema, reads_table
{% else %}
select 1 as placeholder_until_executed
{% endif %}
