{% macro multiverse_options(choice) -%}
    (
        select option as {{ choice }}
        from {{ ref('stg_protocol__multiverse_choices') }}
        where choice = '{{ choice }}'
    )
{%- endmacro %}
