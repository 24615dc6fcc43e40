{#-
  The smaller p of TESS and PSST as metaumbrella takes it: significant studies are counted on either
  side of the null, the expected ones at the common-effect mean, and looking at two tests is not
  corrected for. `excess` is a result of excess_significance.
-#}
{% macro tess_psst_either_side(excess) -%}
    least(
        {{ upper_tail("((" ~ excess ~ ".observed - " ~ excess ~ ".expected_directed) / " ~ excess ~ ".k - 0.05) / sqrt(0.05 * 0.95 / " ~ excess ~ ".k)") }},
        {{ upper_tail("(" ~ excess ~ ".observed - " ~ excess ~ ".expected_directed) / sqrt(nullif(" ~ excess ~ ".expected_directed * (" ~ excess ~ ".k - " ~ excess ~ ".expected_directed) / " ~ excess ~ ".k, 0))") }}
    )
{%- endmacro %}


{#- Upper tail probability of a standard normal statistic. -#}
{% macro upper_tail(z) -%}
    if({{ z }} > 0, p_from_z({{ z }}) / 2, 1 - p_from_z({{ z }}) / 2)
{%- endmacro %}
