{% macro least_k_for_asymmetry() -%}
    10
{%- endmacro %}


{% macro least_k_for_a_funnel() -%}
    3
{%- endmacro %}
