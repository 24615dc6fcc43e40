{% macro barring_flags(flags) -%}
    list_transform(
        list_filter(
            coalesce(string_split({{ flags }}, ';'), cast([] as varchar[])),
            lambda flag: trim(flag) in (
                'value_implausible', 'not_against_control', 'within_group',
                'ci_excludes_estimate', 'duplicate_of_claim'
            )
        ),
        lambda flag: 'flag: ' || trim(flag)
    )
{%- endmacro %}
