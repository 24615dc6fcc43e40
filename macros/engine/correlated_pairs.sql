{% macro correlated_pairs(position, other_position, correlation, default_correlation) -%}
    coalesce(
        list(
            [{{ position }}, {{ other_position }}, {{ correlation }}]
            order by {{ position }}, {{ other_position }}
        ) filter ({{ correlation }} != {{ default_correlation }}),
        cast([] as double[][])
    )
{%- endmacro %}


{% macro shrunk_pairs(correlations, shrinkage) -%}
    list_transform(
        {{ correlations }}, lambda pair: [pair[1], pair[2], (1 - {{ shrinkage }}) * pair[3]]
    )
{%- endmacro %}
