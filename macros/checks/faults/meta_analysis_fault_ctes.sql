{% macro meta_analysis_fault_ctes() %}
wide_meta_analyses as (
    {{ wide_cells('meta_analyses', [], ['eligibility', 'exclusion_reason']) }}
),

eligibility_faults as (
    select
        'meta_analyses' as sheet,
        row_number,
        'exclusion_reason' as column_name,
        exclusion_reason as value,
        case eligibility
            when 'excluded' then 'excluded without a reason'
            else 'included, yet with a reason to exclude'
        end as reason,
        case eligibility
            when 'excluded' then 'a code of exclusion_reasons'
            else 'an empty cell'
        end as expected,
        'reject' as severity
    from wide_meta_analyses
    where (eligibility = 'excluded') = (exclusion_reason is null)
)
{%- endmacro %}
