{% macro is_enough(k) -%}
    (
        {{ k }} > 1
        and coalesce(
            (
                select arg_max(sizes.caution is null, sizes.lower_bound)
                from {{ ref('stg_protocol__pool_size_bands') }} as sizes
                where sizes.lower_bound <= {{ k }}
            ),
            true
        )
    )
{%- endmacro %}
