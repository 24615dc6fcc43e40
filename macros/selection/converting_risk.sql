{#- The assumed risk by which odds and risk ratios of a row of `analyses` become one another: the
    first that is stated for it, where such a conversion is switched on. -#}
{% macro converting_risk() -%}
    (
        select any_value(risks.risk)
        from {{ ref('int_baseline_risks') }} as risks
        cross join {{ ref('stg_protocol__conversions') }} as switches
        where
            risks.analysis_id = analyses.analysis_id
            and risks.risk_order = 1
            and switches.from_scale != 'smd'
            and switches.to_scale != 'smd'
            and {{ is_switched_on('switches') }}
    )
{%- endmacro %}
