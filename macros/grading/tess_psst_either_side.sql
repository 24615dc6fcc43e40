{% macro tess_psst_either_side(excess) -%}
    {{ least_of([
        upper_tail("((" ~ excess ~ ".observed - " ~ excess ~ ".expected_directed) / " ~ excess ~ ".k - 0.05) / sqrt(0.05 * 0.95 / " ~ excess ~ ".k)"),
        upper_tail("(" ~ excess ~ ".observed - " ~ excess ~ ".expected_directed) / sqrt(nullif(" ~ excess ~ ".expected_directed * (" ~ excess ~ ".k - " ~ excess ~ ".expected_directed) / " ~ excess ~ ".k, 0))"),
    ]) }}
{%- endmacro %}


{% macro upper_tail(z) -%}
    if({{ z }} > 0, p_from_z({{ z }}) / 2, 1 - p_from_z({{ z }}) / 2)
{%- endmacro %}
