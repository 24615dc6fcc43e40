{% macro dffits_limit(k) -%}
    (3 / sqrt({{ k }} - 1))
{%- endmacro %}


{% macro cook_limit() -%}
    0.454936423119572
{%- endmacro %}


{% macro hat_limit(k) -%}
    (3 / {{ k }})
{%- endmacro %}


{% macro least_k_for_a_moderator() -%}
    10
{%- endmacro %}
