{% macro least_of(values) -%}
    if({{ any_is_null(values) }}, null, least({{ values | join(', ') }}))
{%- endmacro %}


{% macro greatest_of(values) -%}
    if({{ any_is_null(values) }}, null, greatest({{ values | join(', ') }}))
{%- endmacro %}


{% macro any_is_null(values) -%}
    {%- for value in values -%}
        ({{ value }}) is null{{ ' or ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro least_known(values) -%}
    least({{ values | join(', ') }})
{%- endmacro %}


{% macro greatest_known(values) -%}
    greatest({{ values | join(', ') }})
{%- endmacro %}
