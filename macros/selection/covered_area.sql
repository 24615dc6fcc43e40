{% macro covered_area(n, r, c, x) -%}
    100.0 * ({{ n }} - {{ r }}) / nullif({{ r }} * {{ c }} - {{ r }} - {{ x }}, 0)
{%- endmacro %}


{% macro overlap_band(value) -%}
    (
        select arg_min(bands.band, bands.upper_bound)
        from {{ ref('stg_protocol__overlap_bands') }} as bands
        where bands.upper_bound >= {{ value }}
    )
{%- endmacro %}
