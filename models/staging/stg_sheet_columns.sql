-- Grain: one row per column of each sheet, as the property files under models/sheets declare it.
{% if execute %}
{%- for sheet in sheet_names() %}
{%- set node = sheet_node(sheet) %}
{%- set key = node.config.meta.key %}
{%- for column in node.columns.values() %}
select
    {{ sql_text(sheet) }} as sheet,
    {{ sql_text(node.config.meta.folder) }} as folder,
    {{ loop.index }} as column_order,
    {{ sql_text(column.name) }} as column_name,
    {{ sql_text(column.meta.kind) }} as kind,
    {{ sql_text(kind_type(column.meta.kind)) }} as data_type,
    {{ column.meta.get('required', false) | lower }} as is_required,
    {{ (column.name in key) | lower }} as is_key,
    {{ sql_text(column.meta.get('vocabulary')) }} as vocabulary,
    {{ sql_text(column.meta.get('references')) }} as reference_to,
    {{ allowed_values(column) }} as allowed,
    cast({{ column.meta.get('minimum') if column.meta.get('minimum') is not none else 'null' }} as double) as minimum,
    cast({{ column.meta.get('maximum') if column.meta.get('maximum') is not none else 'null' }} as double) as maximum,
    {{ sql_text(column.description) }} as description
{{ "union all" if not loop.last }}
{%- endfor %}
{{ "union all" if not loop.last }}
{%- endfor %}
{% else %}
select 1 as placeholder_until_executed
{% endif %}
