{#-
  The policy that is `recommended` but for taking meta-analyses as independent: what is computed
  only for independent ones is shown under it. A query of one row, or of none.
-#}
{% macro independent_policy() -%}
    (
        select policies.policy_id
        from {{ ref('stg_protocol__policies') }} as policies
        inner join {{ ref('stg_protocol__policies') }} as recommended
            on
                recommended.policy_id = 'recommended'
                and policies.overlap_handling = 'none'
                and policies.tau2_method = recommended.tau2_method
                and policies.ci_method = recommended.ci_method
                and policies.ci_level = recommended.ci_level
                and policies.or_to_smd_rule = recommended.or_to_smd_rule
        order by cast(policies.sort_order as integer), policies.policy_id
        limit 1
    )
{%- endmacro %}
