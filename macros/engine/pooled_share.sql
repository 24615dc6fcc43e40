{% macro pooled_share(n_studies, n_listed) -%}
    coalesce({{ least_of([n_studies, n_listed]) }} / {{ n_listed }}, 1)
{%- endmacro %}
