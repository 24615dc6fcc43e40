-- A guessed type would turn identifiers into numbers and 1.10 into 1.1.
{% set cells = ref('stg_sheet_cells') %}
select
    table_name,
    column_name,
    data_type
from duckdb_columns()
where
    database_name = '{{ cells.database }}'
    and schema_name = 'raw'
    and column_name != 'row_number'
    and data_type != 'VARCHAR'
