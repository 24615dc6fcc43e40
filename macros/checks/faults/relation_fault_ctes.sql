{% macro relation_fault_ctes() %}
wide_relations as (
    {{ wide_cells('ma_relations', [], ['meta_analysis_id', 'related_id']) }}
),

relation_faults as (
    select
        'ma_relations' as sheet,
        row_number,
        'related_id' as column_name,
        related_id as value,
        'a meta-analysis related to itself' as reason,
        'another meta-analysis' as expected,
        'reject' as severity
    from wide_relations
    where meta_analysis_id = related_id

    union all

    select
        'ma_relations' as sheet,
        wide_relations.row_number,
        'related_id' as column_name,
        wide_relations.related_id as value,
        'row ' || other.row_number || ' has the same pair the other way round' as reason,
        'one row for each pair' as expected,
        'reject' as severity
    from wide_relations
    inner join wide_relations as other
        on
            wide_relations.meta_analysis_id = other.related_id
            and wide_relations.related_id = other.meta_analysis_id
            and wide_relations.row_number > other.row_number
)
{%- endmacro %}
