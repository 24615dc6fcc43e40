{% macro sheet_names() %}
    {{ return(vocabularies() + [
        'meta_analyses', 'reported_effects', 'reported_rates', 'second_extraction',
        'second_extraction_rates', 'adjudications', 'quality_ratings', 'study_inclusion',
        'trial_aliases', 'primary_studies', 'corrections', 'unread_meta_analyses',
        'flow_items', 'search_flow',
        'relation_kinds', 'ma_relations', 'reported_certainty', 'acknowledgements',
        'published_claims', 'published_counts', 'published_words', 'published_comparisons',
        'published_parts',
        'conclusion_verdicts', 'conclusion_tests', 'published_conclusions',
        'published_conclusion_tests',
        'review', 'policies', 'conversions', 'scales', 'selection_rules', 'selection_criteria', 'overlap_bands', 'analyses',
        'contrasts', 'figures', 'figure_blocks', 'cohen_bands', 'amstar_bands', 'i2_bands',
        'pool_size_bands', 'months_bands', 'follow_up_correlations',
        'agreement_fields', 'trial_rules', 'multiverse_choices', 'credibility_ceilings',
        'baseline_risks', 'instruments',
        'grading_schemes', 'grading_grades', 'grading_criteria', 'grading_rules',
        'grading_margins', 'grade_judgements', 'quality_items', 'amstar2_bands',
        'prior_items', 'prior_answers', 'replication_verdicts', 'replication_rules', 'finding_rules',
    ]) }}
{% endmacro %}


{% macro vocabularies() %}
    {{ return([
        'conditions', 'deliveries', 'guidances', 'therapies', 'severities', 'analysis_sets',
        'outcomes', 'exclusion_reasons', 'comparators', 'measures', 'review_kinds',
        'rate_definitions',
    ]) }}
{% endmacro %}


{% macro refuse_sheets_that_dbt_would_overwrite() %}
    {% set sheets = env_var('UMBRELLA_SHEETS', 'seeds') %}
    {% if sheets.startswith('/') or '..' in sheets or ':' in sheets %}
        {% do exceptions.raise_compiler_error(
            'UMBRELLA_SHEETS is ' ~ sheets ~ ', a folder outside the project, and dbt would write '
            ~ 'over the files in it. Build with: umbrella build --sheets ' ~ sheets
        ) %}
    {% endif %}
{% endmacro %}


{% macro sheet_node(sheet) %}
    {{ return(graph.nodes['seed.' ~ project_name ~ '.' ~ sheet]) }}
{% endmacro %}


{% macro kind_type(kind) %}
    {% set types = {
        'number': 'double', 'percent': 'double', 'probability': 'double', 'integer': 'bigint',
        'id': 'varchar', 'text': 'varchar', 'code': 'varchar', 'codes': 'varchar', 'flags': 'varchar',
        'partial_date': 'varchar', 'unit': 'varchar', 'date': 'varchar', 'url': 'varchar',
    } %}
    {% if kind not in types %}
        {% do exceptions.raise_compiler_error(
            "unknown kind '" ~ kind ~ "' in a sheet's property file; valid: " ~ types.keys() | join(', ')
        ) %}
    {% endif %}
    {{ return(types[kind]) }}
{% endmacro %}


{% macro sql_text(value) -%}
    {{ "'" ~ (value | string | replace("'", "''")) ~ "'" if value is not none else 'cast(null as varchar)' }}
{%- endmacro %}


{% macro declared_rows(rows, types) -%}
    select unnest(from_json({{ sql_text(tojson(rows)) }}, {{ sql_text(tojson([types])) }}), max_depth := 2)
{%- endmacro %}


{% macro clean_text(column, prefix='') -%}
    nullif(trim({{ prefix }}"{{ column }}", e' \t\r\n{{ "\u00a0\ufeff" }}'), '')
{%- endmacro %}


{#- The one of a list of names that is most like a text, whatever the case; NULL when none is. -#}
{% macro nearest(text, names) -%}
    list_filter(
        list_sort(
            list_transform(
                {{ names }},
                lambda name: struct_pack(
                    distance := 1 - jaro_winkler_similarity(lower(name), lower({{ text }})),
                    name := name
                )
            )
        )[1:1],
        lambda one: one.distance <= 0.15
    )[1].name
{%- endmacro %}


{#- Kinds of columns whose cells may be read as something else than what was typed. -#}
{% macro is_respelt(column) %}
    {{ return(
        column.meta.kind in ['number', 'percent', 'probability', 'integer', 'partial_date', 'unit']
        or (column.meta.kind == 'code' and not column.meta.get('vocabulary'))
        or 'value_of' in column.meta
        or 'usual' in column.meta or 'usual_role' in column.meta or 'numbered_by' in column.meta
    ) }}
{% endmacro %}


{#- The rows of a sheet with their numbers: cells as they are read, trimmed, and NULL when empty; of
    the columns that are named, or of all. -#}
{% macro sheet_rows(sheet, columns=none) -%}
    {%- set readings, respelt, chosen = ref('stg_sheet_readings'), [], [] -%}
    {%- if execute %}
    {%- for column in sheet_node(sheet).columns.values() if columns is none or column.name in columns %}
    {%- do chosen.append(column.name) %}
    {%- do respelt.append(column.name) if is_respelt(column) %}
    {%- endfor %}
    {%- endif -%}
    select
        typed.row_number
        {%- for column in chosen %},
        {%- if column in respelt %}
        nullif(coalesce(read.cells['{{ column }}'], {{ clean_text(column) }}), '')
        {%- else %}
        {{ clean_text(column) }}
        {%- endif %} as "{{ column }}"
        {%- endfor %}
    from {{ ref(sheet) }} as typed
    {%- if respelt %}
    left join (
        select
            row_number,
            map_from_entries(list((column_name, coalesce(read_as, '')))) as cells
        from {{ readings }}
        where sheet = '{{ sheet }}' and row_number is not null and problem is null
        group by row_number
    ) as read
        on typed.row_number = read.row_number
    {%- endif %}
{%- endmacro %}


{#- `filled`: by column, the expression that stands in for its empty cells. `is_worded`: its texts may
    name what the review calls its parts, as [[member]]. -#}
{% macro stage_sheet(sheet, filled={}, is_worded=false) %}
with

faults as (
    select row_number
    from {{ ref('stg_sheet_faults') }}
    where sheet = '{{ sheet }}' and severity = 'reject'
),

numbered as (
    {{ sheet_rows(sheet) }}
),

final as (
    select
        row_number,
        {%- if execute %}
        {%- for column in sheet_node(sheet).columns.values() %}
        {%- set type = kind_type(column.meta.kind) %}
        {%- set text = '"' ~ column.name ~ '"' %}
        {%- if is_worded and column.meta.kind == 'text' %}
        {%- set text = review_words(text) %}
        {%- endif %}
        {{ text if type == 'varchar' else 'try_cast(' ~ text ~ ' as ' ~ type ~ ')' }} as "{{ column.name }}"
        {{- "," if not loop.last }}
        {%- endfor %}
        {%- else %}
        *
        {%- endif %}
    from numbered
    {%- if is_worded %}
    cross join (select columns('_word$') from {{ ref('stg_review_words') }}) as review
    {%- endif %}
    anti join faults using (row_number)
)

select *
{%- for column, expression in filled.items() %}
{{ 'replace (' if loop.first else ',' }} coalesce({{ column }}, {{ expression }}) as {{ column }}
{{- ')' if loop.last }}
{%- endfor %}
from final
order by row_number
{% endmacro %}
