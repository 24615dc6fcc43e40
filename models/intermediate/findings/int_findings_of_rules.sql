-- Grain: one row per finding of any rule, within a row and across rows. A rule that the catalogue
-- does not hold finds nothing.
with

found as (
    select {{ finding_columns() | join(', ') }} from {{ ref('int_row_findings') }}
    {%- for model in across_finding_models() %}
    union all
    select {{ finding_columns() | join(', ') }} from {{ ref(model) }}
    {%- endfor %}
),

final as (
    select
        found.*,
        rules.label as rule_label,
        rules.severity,
        -- A reader of a figure needs to know what is hardly possible, not each hint for a typist.
        rules.severity != 'worth_a_look' as is_marked
    from found
    inner join {{ ref('stg_protocol__finding_rules') }} as rules on found.rule = rules.rule
)

select * from final
