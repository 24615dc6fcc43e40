-- Grain: one row per test of a published conclusion: what comes of it by the printed numbers, and
-- by ours.
with

tests as (
    select * from {{ ref('fct_conclusion_tests') }}
),

labels as (
    select
        verdict,
        label
    from {{ ref('stg_protocol__conclusion_verdicts') }}
),

kinds as (
    select * from {{ ref('stg_protocol__conclusion_tests') }}
),

worded as (
    select
        tests.*,
        labels.label as outcome_label,
        concat_ws(
            ', ',
            found,
            case
                when p_value < 0.001 then 'P below 0.001'
                else 'P = ' || printf(if(p_value < 0.1, '%.3f', '%.2f'), p_value)
            end
        ) as words
    from tests
    inner join labels on tests.outcome = labels.verdict
),

final as (
    select
        printed.conclusion_id,
        printed.test_order,
        coalesce(ours.question, printed.question) as question,
        kinds.rule,
        printed.outcome as printed_outcome,
        printed.outcome_label as printed_label,
        nullif(printed.words, '') as printed_words,
        ours.outcome as our_outcome,
        ours.outcome_label as our_label,
        nullif(ours.words, '') as our_words
    from worded as printed
    inner join worded as ours
        on
            printed.conclusion_id = ours.conclusion_id
            and printed.test_order = ours.test_order
            and ours.source = 'ours'
    inner join kinds on printed.test = kinds.test
    where printed.source = 'printed'
)

select * from final
order by conclusion_id, test_order
