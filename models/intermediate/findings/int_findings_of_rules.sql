-- Grain: one row per finding of any rule, within a row and across rows.
select {{ finding_columns() | join(', ') }} from {{ ref('int_row_findings') }}
{%- for model in across_finding_models() %}
union all
select {{ finding_columns() | join(', ') }} from {{ ref(model) }}
{%- endfor %}
