{#- Rows of one choice of the multiverse: its options, under the name of the choice. -#}
{% macro multiverse_options(choice) -%}
    (
        select option as {{ choice }}
        from {{ ref('stg_protocol__multiverse_choices') }}
        where choice = '{{ choice }}'
    )
{%- endmacro %}
