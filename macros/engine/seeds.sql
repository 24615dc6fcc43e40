{% macro duckdb__create_csv_table(model, agate_table) %}
    {% set sql %}
        create table {{ this.render() }} (
            row_number bigint,
            {%- for column in agate_table.column_names %}
            {{ adapter.quote(column) }} varchar {{- "," if not loop.last }}
            {%- endfor %}
        )
    {% endset %}
    {% do run_query(sql) %}
    {{ return(sql) }}
{% endmacro %}


{#- The rows are counted: before a transaction ends, the row identifiers of its rows are others. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
        create or replace temp table typed (
            {%- for column in agate_table.column_names %}
            {{ adapter.quote(column) }} varchar {{- "," if not loop.last }}
            {%- endfor %}
        );
        copy typed from '{{ adapter.get_seed_file_path(model) }}' (
            format csv, header true, auto_detect false, delimiter ',', quote '"', escape '"',
            comment '', nullstr '', strict_mode true, encoding 'utf-8'
        );
        insert into {{ this.render() }} select row_number() over () + 1, * from typed;
        drop table typed
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}


{#- A seed is always made anew: one of an earlier version may have had other columns. -#}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {% do adapter.drop_relation(old_relation) %}
    {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}
