{% macro replication_fault_ctes() %}
wide_replication_rules as (
    {{ wide_cells('replication_rules', [], ['quantity', 'facts']) }}
),

facts_of_rules as (
    select
        row_number,
        quantity,
        facts,
        trim(regexp_replace(trim(unnest(string_split(facts, ';'))), '^not ', '')) as fact
    from wide_replication_rules
    where facts is not null
),

replication_faults as (
    select
        'replication_rules' as sheet,
        row_number,
        'facts' as column_name,
        facts as value,
        'names a fact that is not known of its quantity: ' || fact as reason,
        'facts of docs/audit.md, separated by semicolons' as expected,
        'reject' as severity
    from facts_of_rules
    where
        not case quantity
            {%- for quantity in ['effect', 'comparison', 'share', 'range', 'largest', 'quality'] %}
            when '{{ quantity }}'
                then fact in ({{ "'" ~ replication_facts_of(quantity) | join("', '") ~ "'" }})
            {%- endfor %}
            else fact in ({{ "'" ~ replication_facts_of('any') | join("', '") ~ "'" }})
        end
)
{% endmacro %}
