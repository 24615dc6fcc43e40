{% macro codes_of(vocabulary, roles) -%}
    (
        select code from {{ ref('stg_vocabulary__codes') }}
        where vocabulary = '{{ vocabulary }}' and role in ('{{ roles | join("', '") }}')
    )
{%- endmacro %}
