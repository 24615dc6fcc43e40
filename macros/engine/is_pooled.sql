{% macro is_pooled(status) -%}
    {{ status }} in ('ok', 'tau2_outside_interval')
{%- endmacro %}
