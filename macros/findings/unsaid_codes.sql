{#- Of directions and of codes, what says that nothing is said. -#}
{% macro unsaid_codes() -%}
    select code from {{ ref('stg_vocabulary__codes') }} where role = 'unclear' union select 'unclear'
{%- endmacro %}
