{#-
  Loads a sheet with the dialect spelled out. dbt-duckdb's own version lets DuckDB guess quotes,
  escapes and comments from the data, so that a cell beginning with # could be lost.
-#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
        copy {{ this.render() }} from '{{ adapter.get_seed_file_path(model) }}' (
            format csv, header true, auto_detect false, delimiter ',', quote '"', escape '"',
            comment '', nullstr '', strict_mode true, encoding 'utf-8'
        )
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
