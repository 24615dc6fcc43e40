-- Grain: one row per table of the warehouse that the project declares, in the order of its areas.
{% if execute %}
{%- set areas = graph.groups.values() | list %}
{%- set names = areas | map(attribute='name') | list %}
{%- set layers = ['sheets', 'staging', 'intermediate', 'marts', 'reports'] %}
{%- set rows = [] %}
{%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') %}
{%- set area = names.index(node.config.group or 'sheets') %}
{%- set layer = 'sheets' if node.resource_type == 'seed' else node.fqn[1] %}
{%- do rows.append({
    'table_schema': node.schema, 'table_name': node.alias,
    'layer': layer, 'layer_order': layers.index(layer) + 1,
    'area': names[area], 'area_order': area + 1, 'said': areas[area].description,
    'description': node.description,
}) %}
{%- endfor %}
with

declared as (
    {{ declared_rows(rows, {
        'table_schema': 'varchar', 'table_name': 'varchar', 'layer': 'varchar',
        'layer_order': 'integer', 'area': 'varchar', 'area_order': 'integer', 'said': 'varchar',
        'description': 'varchar',
    }) }}
)

select
    table_schema,
    table_name,
    layer,
    layer_order,
    area,
    area_order,
    split_part(said, ': ', 1) as area_label,
    upper(said[len(area_label) + 3]) || said[len(area_label) + 4:] as area_description,
    -- Its first paragraph says what one row is.
    split_part(trim(description), e'\n\n', 1) as description
from declared
order by area_order, layer_order, table_name
{% else %}
select 1 as placeholder_until_executed
{% endif %}
