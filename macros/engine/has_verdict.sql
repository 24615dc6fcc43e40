{% macro has_verdict(k) -%}
    coalesce(
        (
            select arg_max(sizes.has_verdict, sizes.lower_bound) = 'y'
            from {{ ref('stg_protocol__pool_size_bands') }} as sizes
            where sizes.lower_bound <= {{ k }}
        ),
        true
    )
{%- endmacro %}
