{% macro cross_column_faults() %}
wide_adjudications as (
    {{ wide_cells('adjudications', [], ['effect_id', 'field', 'adjudicated_value']) }}
),

{{ meta_analysis_fault_ctes() }},

{{ adjudication_fault_ctes() }},

{{ effect_fault_ctes() }},

{{ rate_fault_ctes() }},

{{ protocol_fault_ctes() }},

{{ multiverse_fault_ctes() }},

{{ grading_fault_ctes() }},

{{ prior_fault_ctes() }},

{{ correction_fault_ctes() }},

{{ relation_fault_ctes() }},

{{ replication_fault_ctes() }},

{{ conclusion_fault_ctes() }},

{{ absolute_fault_ctes() }},

cross_column_faults as (
    select * from eligibility_faults
    union all
    select * from protocol_faults
    union all
    select * from multiverse_faults
    union all
    select * from grading_faults
    union all
    select * from prior_faults
    union all
    select * from correction_faults
    union all
    select * from relation_faults
    union all
    select * from replication_faults
    union all
    select * from conclusion_faults
    union all
    select * from absolute_faults
    union all
    select
        'reported_effects' as sheet,
        *,
        'not_poolable' as severity
    from effect_faults
    union all
    select * from rate_faults
    union all
    select * from trial_faults
    union all
    select * from adjudication_faults
    union all
    select * from adjudicated_class_faults
)
{%- endmacro %}


{% macro wide_cells(sheet, numbers, texts) -%}
    select
        row_number
        {%- for column in numbers %},
        if(
            isfinite(try_cast("{{ column }}" as double)), try_cast("{{ column }}" as double), null
        ) as "{{ column }}"
        {%- endfor %}
        {%- for column in texts %},
        "{{ column }}"
        {%- endfor %}
    from ({{ sheet_rows(sheet, numbers + texts) }})
{%- endmacro %}
