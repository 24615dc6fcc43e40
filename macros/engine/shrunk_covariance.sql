{#-
  Covariance matrix, a list of lists, from correlations (a list of lists with ones on its diagonal),
  the share by which they shrink, and the variances: (1 - s) r_ij sqrt(v_i v_j), and v_i.
-#}
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
