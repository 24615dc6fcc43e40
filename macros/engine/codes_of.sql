{#- Codes of a vocabulary that have one of some roles, as a subquery for `in`. -#}
{% macro codes_of(vocabulary, roles) -%}
    (
        select code from {{ ref('stg_vocabulary__codes') }}
        where vocabulary = '{{ vocabulary }}' and role in ('{{ roles | join("', '") }}')
    )
{%- endmacro %}
