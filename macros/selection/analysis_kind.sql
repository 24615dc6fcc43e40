{% macro analysis_kind(analyses) -%}
    concat_ws(
        ':',
        {{ analyses }}.scale,
        if({{ analyses }}.unit = 'trial', 'trial', null),
        if(
            {{ analyses }}.scale = 'smd' and {{ analyses }}.review_kind != 'interventions',
            'as_meant',
            null
        ),
        {{ analyses }}.measure_unit,
        {{ analyses }}.conversions,
        cast({{ analyses }}.baseline_risk as varchar),
        {{ analyses }}.network_evidence
    )
{%- endmacro %}
