-- Grain: one row per appraised meta-analysis of the review, appraisal tool and item, answered or
-- not.
with

ratings as (
    select * from {{ ref('fct_quality_ratings') }}
    where is_included and n_answered > 0
),

items as (
    select * from {{ ref('stg_protocol__quality_items') }}
),

answers as (
    select * from {{ ref('fct_quality_items') }}
),

conditions as (
    select
        condition,
        any_value(condition_label) as label,
        min(sort_order) as sort_order
    from {{ ref('dim_analyses') }}
    where is_headline
    group by condition
),

meta_analyses as (
    select
        meta_analyses.meta_analysis_id,
        meta_analyses.citation_label,
        count(conditions.condition) as n_conditions,
        min(conditions.sort_order) as condition_order,
        arg_min(conditions.label, conditions.sort_order) as condition_label
    from {{ ref('dim_meta_analyses') }} as meta_analyses
    left join conditions
        on list_contains(string_split(meta_analyses.conditions, ', '), conditions.condition)
    group by meta_analyses.meta_analysis_id, meta_analyses.citation_label
),

final as (
    select
        ratings.quality_rating_id || ':' || items.item as quality_item_id,
        ratings.tool,
        ratings.meta_analysis_id,
        coalesce(meta_analyses.citation_label, ratings.meta_analysis_id) as label,
        case meta_analyses.n_conditions
            when 0 then 'No [[condition]] of the review'
            when 1 then meta_analyses.condition_label
            else 'Several [[conditions]]'
        end as group_label,
        cast(
            dense_rank() over (
                partition by ratings.tool
                order by
                    meta_analyses.n_conditions = 0,
                    meta_analyses.n_conditions > 1,
                    if(meta_analyses.n_conditions = 1, meta_analyses.condition_order, 0),
                    ratings.score desc nulls last,
                    meta_analyses.citation_label,
                    ratings.meta_analysis_id
            ) as integer
        ) as meta_analysis_order,
        ratings.status as rating_status,
        ratings.score,
        ratings.n_critical_weaknesses,
        ratings.n_other_weaknesses,
        bands.label as rating_label,
        cast(items.item as integer) as item,
        items.label as item_label,
        items.is_critical = 'y' as is_critical,
        answers.answer,
        coalesce(answers.status, 'not answered') as answer_status,
        cast(
            count(*) filter (answers.answer = 'yes') over (partition by ratings.tool, items.item)
            as integer
        ) as n_yes,
        cast(
            count(answers.answer) over (partition by ratings.tool, items.item) as integer
        ) as n_answered
    from ratings
    inner join items on ratings.tool = items.tool
    inner join meta_analyses on ratings.meta_analysis_id = meta_analyses.meta_analysis_id
    left join answers
        on
            ratings.meta_analysis_id = answers.meta_analysis_id
            and items.tool = answers.tool
            and items.item = answers.item
    left join {{ ref('dim_quality_bands') }} as bands
        on ratings.tool = bands.tool and ratings.rating = bands.rating
)

select final.* replace ({{ review_words('final.group_label') }} as group_label)
from final
cross join {{ ref('dim_review') }} as review
order by tool, meta_analysis_order, item
