{% macro shrunk_pairs(correlations, shrinkage) -%}
    list_transform(
        {{ correlations }}, lambda pair: [pair[1], pair[2], (1 - {{ shrinkage }}) * pair[3]]
    )
{%- endmacro %}
