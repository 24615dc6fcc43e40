{% macro shrunk_covariance(correlations, shrinkage, vis) -%}
    list_transform(
        range(1, len({{ correlations }}) + 1),
        lambda i: list_transform(
            range(1, len({{ correlations }}) + 1),
            lambda j: if(
                i = j,
                {{ vis }}[i],
                (1 - {{ shrinkage }}) * {{ correlations }}[i][j] * sqrt({{ vis }}[i] * {{ vis }}[j])
            )
        )
    )
{%- endmacro %}
