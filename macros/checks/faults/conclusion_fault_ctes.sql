{%- macro operand_keys() -%}
    {{ return({
        'analyses': 'analysis_id', 'reported_effects': 'effect_id',
        'meta_analyses': 'meta_analysis_id', 'published_claims': 'claim_id',
        'published_counts': 'count_id', 'published_comparisons': 'comparison_id',
    }) }}
{%- endmacro -%}


{% macro conclusion_fault_ctes() %}
wide_conclusion_tests as (
    {{ wide_cells(
        'published_conclusion_tests', [],
        ['test', 'operand_a', 'operand_b', 'operand_c', 'operand_d', 'value']
    ) }}
),

wide_conclusion_kinds as (
    {{ wide_cells('conclusion_tests', [], ['test', 'needs']) }}
),

known_operands as (
    {%- for sheet, key in operand_keys().items() %}
    select {{ clean_text(key) }} as operand from {{ ref(sheet) }}
    {{ "union" if not loop.last }}
    {%- endfor %}
),

needs_of_tests as (
    select
        tests.*,
        list_transform(
            string_split(coalesce(kinds.needs, ''), ';'), lambda name: trim(name)
        ) as needed
    from wide_conclusion_tests as tests
    inner join wide_conclusion_kinds as kinds on tests.test = kinds.test
),

conclusion_faults as (
    {%- for column in ['operand_a', 'operand_b', 'operand_c', 'operand_d', 'value'] %}
    {%- set name = column | replace('operand_', '') %}
    select
        'published_conclusion_tests' as sheet,
        row_number,
        '{{ column }}' as column_name,
        {{ column }} as value,
        case
            when {{ column }} is null then 'a test of this kind needs it'
            when list_contains(needed, '{{ name }}') then 'nothing has this name'
            else 'a test of this kind does not need it'
        end as reason,
        'what the kind of test needs, by the sheet conclusion_tests' as expected,
        'reject' as severity
    from needs_of_tests
    where
        list_contains(needed, '{{ name }}') != ({{ column }} is not null)
        {%- if column != 'value' %}
        or {{ column }} not in (select operand from known_operands where operand is not null)
        {%- endif %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)
{% endmacro %}
