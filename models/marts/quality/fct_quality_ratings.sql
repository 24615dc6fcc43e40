-- Grain: one row per meta-analysis and appraisal tool, rated or not.
with

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

tools as (
    select
        tool,
        count(*) as n_items
    from {{ ref('stg_protocol__quality_items') }}
    group by tool
),

answered as (
    select
        meta_analysis_id,
        tool,
        count(*) as n_answered,
        count_if(first_answer is not null and second_answer is not null) as n_pairs,
        count_if(first_answer = second_answer) as n_agreed,
        count_if(answer is null) as n_unresolved,
        string_agg(
            'item ' || item || ': ' || first_answer || ' or ' || second_answer
            || coalesce(', decided ' || final_answer, ', not decided'),
            '; ' order by item
        ) filter (first_answer != second_answer) as disagreements,
        count_if(answer = 'yes') as n_yes,
        count_if(is_weakness and is_critical) as n_critical_weaknesses,
        count_if(is_weakness and not is_critical) as n_other_weaknesses,
        string_agg(item || ' ' || item_label, '; ' order by item) filter (
            is_weakness and is_critical
        ) as critical_weaknesses
    from {{ ref('fct_quality_items') }}
    group by meta_analysis_id, tool
),

described as (
    select
        meta_analyses.meta_analysis_id,
        meta_analyses.eligibility = 'included' as is_included,
        tools.tool,
        tools.n_items,
        answered.* exclude (meta_analysis_id, tool),
        case
            when answered.n_answered is null then 'not rated'
            when answered.n_answered < tools.n_items then 'incomplete'
            when answered.n_unresolved > 0 then 'unresolved'
            else 'rated'
        end as status
    from meta_analyses
    cross join tools
    left join answered
        on
            meta_analyses.meta_analysis_id = answered.meta_analysis_id
            and tools.tool = answered.tool
),

scored as (
    select
        *,
        if(status = 'rated' and tool = 'amstar', n_yes, null) as score,
        if(status = 'rated' and tool = 'amstar2', n_critical_weaknesses, null) as n_critical,
        if(status = 'rated' and tool = 'amstar2', n_other_weaknesses, null) as n_other
    from described
),

final as (
    select
        meta_analysis_id || ':' || tool as quality_rating_id,
        meta_analysis_id,
        is_included,
        tool,
        status,
        cast(n_items as integer) as n_items,
        cast(coalesce(n_answered, 0) as integer) as n_answered,
        cast(coalesce(n_pairs, 0) as integer) as n_pairs,
        cast(coalesce(n_unresolved, 0) as integer) as n_unresolved,
        100 * n_agreed / nullif(n_pairs, 0) as percent_agreement,
        disagreements,
        cast(score as integer) as score,
        cast(n_critical as integer) as n_critical_weaknesses,
        cast(n_other as integer) as n_other_weaknesses,
        if(n_critical is not null, critical_weaknesses, null) as critical_weaknesses,
        coalesce(
            {{ band_of('score', ref('stg_protocol__amstar_bands')) }},
            (
                select arg_min(bands.band, bands.band_order)
                from {{ ref('stg_protocol__amstar2_bands') }} as bands
                where bands.max_critical >= n_critical and bands.max_other >= n_other
            )
        ) as rating
    from scored
)

select * from final
order by meta_analysis_id, tool
