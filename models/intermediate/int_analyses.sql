-- Grain: one row per declared analysis, with what it takes of its condition.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

codes as (
    select * from {{ ref('int_code_labels') }}
),

columns as (
    select * from {{ ref('stg_sheet_columns') }}
    where sheet = 'analyses'
),

rules as (
    select * from {{ ref('stg_protocol__selection_rules') }}
),

filters as (
    {%- for column in subgroup_filters() %}
    select
        analysis_id,
        '{{ column }}' as column_name,
        {{ column }} as code
    from analyses
    where not {{ filter_is_open(column, 'analyses') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

named as (
    select
        filters.analysis_id,
        columns.column_order,
        {{ within_sentence("coalesce(codes.label, replace(filters.code, '_', '-'))") }}
        || if(filters.column_name = 'comparator_class', ' controls', '') as words
    from filters
    inner join columns on filters.column_name = columns.column_name
    left join codes
        on
            coalesce(columns.vocabulary, split_part(columns.reference_to, '.', 1))
            = codes.vocabulary
            and filters.code = codes.code
),

subgroups as (
    select
        analysis_id,
        string_agg(words, ', ' order by column_order) as subgroup
    from named
    group by analysis_id
),

final as (
    select
        analyses.* replace (
            if(
                analyses.scale = 'logit', analyses.timepoint, coalesce(analyses.timepoint, 'post')
            ) as timepoint
        ),
        conditions.label as condition_label,
        analyses.condition is not null and subgroups.subgroup is null as is_whole_condition,
        subgroups.subgroup,
        if(rules.takes != 'all', {{ within_sentence('rules.label') }}, null) as selection
    from analyses
    left join subgroups on analyses.analysis_id = subgroups.analysis_id
    left join rules on analyses.selection_rule = rules.selection_rule
    left join codes as conditions
        on conditions.vocabulary = 'conditions' and analyses.condition = conditions.code
)

select * from final
