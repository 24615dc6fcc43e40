{% macro multiverse_options(choice) -%}
    (
        select
            option as {{ choice }},
            doubtful_when as {{ choice }}_doubt
        from {{ ref('stg_protocol__multiverse_choices') }}
        where choice = '{{ choice }}'
    )
{%- endmacro %}
