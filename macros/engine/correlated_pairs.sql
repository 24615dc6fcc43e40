{#-
  List of the correlated pairs of members as the kernels take them, [position, position,
  correlation], in their order; pairs that have the default are left out.
-#}
{% macro correlated_pairs(position, other_position, correlation, default_correlation) -%}
    coalesce(
        list(
            [{{ position }}, {{ other_position }}, {{ correlation }}]
            order by {{ position }}, {{ other_position }}
        ) filter ({{ correlation }} != {{ default_correlation }}),
        cast([] as double[][])
    )
{%- endmacro %}


{#- The same list with every correlation (1 - shrinkage) times as large. -#}
{% macro shrunk_pairs(correlations, shrinkage) -%}
    list_transform(
        {{ correlations }}, lambda pair: [pair[1], pair[2], (1 - {{ shrinkage }}) * pair[3]]
    )
{%- endmacro %}
