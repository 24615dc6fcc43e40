-- Grain: one row per filter of analyses and what sets or has a code for it, a declared analysis or
-- a reported effect of the page. A filter that an analysis leaves open and a code that an effect
-- lacks have no row.
with

analyses as (
    select analyses.*
    from {{ ref('dim_analyses') }} as analyses
    inner join {{ ref('rpt_explorer_analyses') }} as shown
        on analyses.analysis_id = shown.analysis_id
),

effects as (
    select effects.*
    from {{ ref('fct_effects') }} as effects
    inner join {{ ref('rpt_explorer') }} as shown on effects.effect_id = shown.effect_id
),

final as (
    {%- for column in analysis_filters('effects') %}
    select
        '{{ column }}' as filter_name,
        'analysis' as row_kind,
        analysis_id as row_id,
        {{ column }} as code
    from analyses
    where {{ column }} is not null
    union all
    select
        '{{ column }}' as filter_name,
        'effect' as row_kind,
        effect_id as row_id,
        {{ column }} as code
    from effects
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from final
