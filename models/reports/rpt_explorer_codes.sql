-- Grain: one row per kind of analysis, filter and what sets or has a code for it, a declared
-- analysis or a row of the page. A filter that an analysis leaves open and a code that a row lacks
-- have no row.
with

analyses as (
    select
        shown.analysis_kind,
        shown.analysis_id,
        case
            when {{ is_of_rates('analyses.scale') }} then 'rates'
            when analyses.unit = 'trial' then 'trials'
            else 'effects'
        end as row_type,
        analyses.* exclude (analysis_id)
    from {{ ref('dim_analyses') }} as analyses
    inner join {{ ref('rpt_explorer_analyses') }} as shown
        on analyses.analysis_id = shown.analysis_id
),

effects as (
    select
        analysis_kind,
        effect_id,
        unnest(map_entries(codes)) as coded
    from {{ ref('fct_admissible_effects') }}
),

final as (
    {%- for column, acts_on in var('analysis_filters').items() %}
    select
        analysis_kind,
        '{{ column }}' as filter_name,
        'analysis' as row_kind,
        analysis_id as row_id,
        {{ column }} as code,
        true as is_taken_where_open
    from analyses
    where {{ column }} is not null and row_type in ('{{ acts_on | join("', '") }}')
    union all
    {%- endfor %}
    select
        analysis_kind,
        coded.key as filter_name,
        'effect' as row_kind,
        effect_id as row_id,
        coded.value as code,
        coded.key != 'arm' or coded.value in ({{ arms_taken_where_open() }}) as is_taken_where_open
    from effects
    where coded.value is not null
)

select * from final
