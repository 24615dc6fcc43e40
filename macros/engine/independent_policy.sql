{% macro independent_policy(policies=none) -%}
    {%- set policies = policies or ref('dim_policies') %}
    (
        select plain.policy_id
        from {{ policies }} as plain
        inner join {{ policies }} as recommended
            on
                recommended.policy_id = 'recommended'
                and plain.overlap_handling = 'none'
                and plain.tau2_method = recommended.tau2_method
                and plain.ci_method = recommended.ci_method
                and plain.ci_level = recommended.ci_level
                and plain.or_to_smd_rule = recommended.or_to_smd_rule
                and not {{ leaves_out_converted('plain') }}
        order by cast(plain.sort_order as integer), plain.policy_id
        limit 1
    )
{%- endmacro %}
