-- Grain: one row per meta-analysis, appraisal tool and item that somebody answered.
with

answers as (
    select * from {{ ref('int_quality_items') }}
),

items as (
    select * from {{ ref('stg_protocol__quality_items') }}
),

final as (
    select
        answers.meta_analysis_id || ':' || answers.tool || ':' || answers.item as quality_item_id,
        answers.meta_analysis_id,
        answers.tool,
        cast(answers.item as integer) as item,
        items.label as item_label,
        coalesce(items.is_critical = 'y', false) as is_critical,
        answers.first_answer,
        answers.second_answer,
        answers.final_answer,
        answers.answer,
        answers.status,
        answers.answer = 'no' or answers.answer = 'cant_answer' as is_weakness,
        answers.source_locators,
        answers.notes
    from answers
    left join items on answers.tool = items.tool and answers.item = items.item
)

select * from final
order by meta_analysis_id, tool, item
