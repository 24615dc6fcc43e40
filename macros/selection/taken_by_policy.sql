{% macro leaves_out_converted(policies) -%}
    coalesce({{ policies }}.converted_effects = 'left_out', false)
{%- endmacro %}


{% macro is_member_by(policies, members) -%}
    if(
        {{ leaves_out_converted(policies) }},
        {{ members }}.is_member_as_reported,
        {{ members }}.is_member
    )
{%- endmacro %}


{#- Two policies that differ in nothing but how they handle overlap and converted effects. -#}
{% macro has_methods_of(policies, others) -%}
    (
        {%- for column in [
            'tau2_method', 'ci_method', 'pi_method', 'tau2_ci_method', 'ci_level', 'or_to_smd_rule',
        ] %}
        {{ "and " if not loop.first -}}
        {{ policies }}.{{ column }} is not distinct from {{ others }}.{{ column }}
        {%- endfor %}
    )
{%- endmacro %}
