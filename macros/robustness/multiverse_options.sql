{% macro multiverse_options(choice) -%}
    (
        select
            option as {{ choice }},
            doubtful_when as {{ choice }}_doubt,
            row_number() over (order by sort_order, option) = 1 as is_first_{{ choice }}
        from {{ ref('stg_protocol__multiverse_choices') }}
        where choice = '{{ choice }}'
    )
{%- endmacro %}
