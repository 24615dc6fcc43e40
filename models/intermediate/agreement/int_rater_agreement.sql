-- Grain: one row per appraisal tool and item, and per tool over all items, with the answers of the
-- two raters as lists ordered by meta-analysis and item. The only caller of the agreement kernels
-- for ratings.
with

tools as (
    select unnest(allowed) as tool
    from {{ ref('stg_sheet_columns') }}
    where sheet = 'quality_ratings' and column_name = 'tool'
),

answers as (
    select
        tool,
        meta_analysis_id,
        item,
        max(answer) filter (rater = '1') as first_answer,
        max(answer) filter (rater = '2') as second_answer,
        max(answer) filter (rater = 'final') as final_answer
    from {{ ref('stg_extraction__quality_ratings') }}
    group by tool, meta_analysis_id, item
),

items as (
    select
        tool,
        null as item
    from tools
    union
    select
        tool,
        item
    from answers
),

gathered as (
    select
        items.tool,
        items.item,
        count(answers.meta_analysis_id) as n_rated,
        count_if(answers.first_answer is not null and answers.second_answer is not null)
            as n_pairs,
        count_if(answers.first_answer = answers.second_answer) as n_agreed,
        count_if(answers.first_answer != answers.second_answer and answers.final_answer is null)
            as n_unresolved,
        list(answers.first_answer order by answers.meta_analysis_id, answers.item)
            as first_answers,
        list(answers.second_answer order by answers.meta_analysis_id, answers.item)
            as second_answers
    from items
    left join answers
        on
            items.tool = answers.tool
            and (items.item is null or items.item = answers.item)
    group by items.tool, items.item
),

final as (
    select
        * exclude (first_answers, second_answers),
        proportion_ci_wilson(n_agreed, n_pairs, 0.95) as agreement,
        cohens_kappa(first_answers, second_answers) as kappa,
        gwet_ac1(first_answers, second_answers) as ac1
    from gathered
)

select * from final
