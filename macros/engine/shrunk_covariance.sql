{#-
  Covariance matrix, a list of lists, from correlations (a list of lists with ones on its diagonal),
  the share by which they shrink, and the variances: (1 - s) r_ij sqrt(v_i v_j), and v_i.
-#}
{% macro shrunk_covariance(correlations, shrinkage, vis) -%}
    list_transform(
        {{ correlations }},
        lambda line, i: list_transform(
            line,
            lambda r, j: if(
                i = j,
                {{ vis }}[i],
                (1 - {{ shrinkage }}) * r * sqrt({{ vis }}[i] * {{ vis }}[j])
            )
        )
    )
{%- endmacro %}
