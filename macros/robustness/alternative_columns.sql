{% macro alternative_columns(rows) -%}
    {%- for column in [
        'effect_id', 'cluster_id', 'is_main_pool', 'is_parallel_pool', 'n_studies', 'yi', 'vi',
        'yi_cox', 'vi_cox', 'ci_low', 'ci_high', 'ci_low_cox', 'ci_high_cox', 'conversion',
    ] %}
    {{ rows }}.{{ column }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
