{% macro filter_codes(rows) -%}
    {%- set filters = analysis_filters(rows) -%}
    map(['{{ filters | join("', '") }}'], [
        {%- for column in filters %}
        cast({{ rows }}.{{ column }} as varchar){{ "," if not loop.last }}
        {%- endfor %}
    ])
{%- endmacro %}
