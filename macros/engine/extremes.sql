{% macro least_of(values) -%}
    if({{ any_is_null(values) }}, null, least({{ values | join(', ') }}))
{%- endmacro %}


{% macro greatest_of(values) -%}
    if({{ any_is_null(values) }}, null, greatest({{ values | join(', ') }}))
{%- endmacro %}


{#- A number is not NULL, and need not be looked at. -#}
{% macro any_is_null(values) -%}
    {%- for value in values if not modules.re.fullmatch('-?[0-9.e-]+', value | string) -%}
        ({{ value }}) is null{{ ' or ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro least_known(values) -%}
    least({{ values | join(', ') }})
{%- endmacro %}


{% macro greatest_known(values) -%}
    greatest({{ values | join(', ') }})
{%- endmacro %}
