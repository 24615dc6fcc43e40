-- Grain: one row per column of each sheet, as the property files under models/sheets declare it.
{% if execute %}
{%- set rows = [] %}
{%- for sheet in sheet_names() %}
{%- set node = sheet_node(sheet) %}
{%- for column in node.columns.values() %}
{%- do rows.append([node, loop.index, column]) %}
{%- endfor %}
{%- endfor %}
from (
    values
    {%- for node, column_order, column in rows %}
    (
        {{ sql_text(node.name) }}, {{ sql_text(node.config.meta.folder) }}, {{ column_order }},
        {{ sql_text(column.name) }}, {{ sql_text(column.meta.kind) }},
        {{ sql_text(kind_type(column.meta.kind)) }},
        {{ column.meta.get('required', false) | lower }},
        {{ (column.name in node.config.meta.key) | lower }},
        {{ sql_text(column.meta.get('vocabulary')) }}, {{ sql_text(column.meta.get('references')) }},
        {{ allowed_values(column) }},
        cast({{ column.meta.get('minimum') if column.meta.get('minimum') is not none else 'null' }} as double),
        cast({{ column.meta.get('maximum') if column.meta.get('maximum') is not none else 'null' }} as double),
        {{ sql_text(column.description) }}
    ){{ "," if not loop.last }}
    {%- endfor %}
) as declared (
    sheet, folder, column_order, column_name, kind, data_type, is_required, is_key, vocabulary,
    reference_to, allowed, minimum, maximum, description
)
{% else %}
select 1 as placeholder_until_executed
{% endif %}
