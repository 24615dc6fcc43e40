-- Grain: one row per finding of a rule within a row. A rule that the catalogue does not hold finds
-- nothing.
with

findings as (
    {%- for model in row_finding_models() %}
    select {{ finding_columns() | join(', ') }} from {{ ref(model) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        findings.*,
        rules.label as rule_label,
        rules.severity
    from findings
    inner join {{ ref('stg_protocol__finding_rules') }} as rules on findings.rule = rules.rule
)

select * from final
