{#- The 97.5 % quantile of the normal distribution: printed intervals are 95 % intervals. -#}
{% macro z_975() -%}
    1.959963984540054
{%- endmacro %}
