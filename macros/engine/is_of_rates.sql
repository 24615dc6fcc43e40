{#- Of one group: nothing is compared, so there is no value of no effect. -#}
{% macro is_of_rates(scale) -%}
    {{ scale }} in ('logit', 'log_incidence_rate')
{%- endmacro %}
