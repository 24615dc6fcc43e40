{#- Fewest studies for which tests of funnel asymmetry mean something (Sterne and others 2011). -#}
{% macro least_k_for_asymmetry() -%}
    10
{%- endmacro %}


{#- Fewest studies of which a funnel is drawn: two points always look symmetrical. -#}
{% macro least_k_for_a_funnel() -%}
    3
{%- endmacro %}
