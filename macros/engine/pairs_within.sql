{% macro pairs_within(correlations, positions) -%}
    list_transform(
        list_filter(
            {{ correlations }},
            lambda pair: list_contains({{ positions }}, cast(pair[1] as bigint))
            and list_contains({{ positions }}, cast(pair[2] as bigint))
        ),
        lambda pair: [
            list_position({{ positions }}, cast(pair[1] as bigint)),
            list_position({{ positions }}, cast(pair[2] as bigint)),
            pair[3]
        ]
    )
{%- endmacro %}
