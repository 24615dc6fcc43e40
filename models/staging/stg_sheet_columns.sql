-- Grain: one row per column of each sheet, as the property files under models/sheets declare it.
{% if execute %}
{%- set rows = [] %}
{%- for sheet in sheet_names() %}
{%- set node = sheet_node(sheet) %}
{%- for column in node.columns.values() %}
{%- do rows.append({
    'sheet': node.name, 'folder': node.config.meta.folder, 'column_order': loop.index,
    'column_name': column.name, 'kind': column.meta.kind, 'data_type': kind_type(column.meta.kind),
    'is_required': column.meta.get('required', false), 'is_key': column.name in node.config.meta.key,
    'vocabulary': column.meta.get('vocabulary'), 'reference_to': column.meta.get('references'),
    'allowed': allowed_values(column),
    'minimum': column.meta.get('minimum'), 'maximum': column.meta.get('maximum'),
    'description': column.description,
}) %}
{%- endfor %}
{%- endfor %}
{{ declared_rows(rows, {
    'sheet': 'varchar', 'folder': 'varchar', 'column_order': 'integer', 'column_name': 'varchar',
    'kind': 'varchar', 'data_type': 'varchar', 'is_required': 'boolean', 'is_key': 'boolean',
    'vocabulary': 'varchar', 'reference_to': 'varchar', 'allowed': 'varchar[]',
    'minimum': 'double', 'maximum': 'double', 'description': 'varchar',
}) }}
{% else %}
select 1 as placeholder_until_executed
{% endif %}
