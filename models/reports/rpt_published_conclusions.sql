-- Grain: one row per conclusion of the published review: its verdict by the printed numbers and by
-- ours, each with its tests in words.
with

conclusions as (
    select
        conclusions.*,
        verdicts.label,
        verdicts.sort_order as verdict_order
    from {{ ref('fct_published_conclusions') }} as conclusions
    inner join {{ ref('stg_protocol__conclusion_verdicts') }} as verdicts
        on conclusions.verdict = verdicts.verdict
),

tests as (
    select * from {{ ref('rpt_conclusion_tests') }}
),

labels as (
    select
        verdict,
        label,
        sort_order
    from {{ ref('stg_protocol__conclusion_verdicts') }}
),

grouped as (
    {%- for source in ['printed', 'our'] %}
    select
        conclusion_id,
        '{{ source }}' as source,
        {{ source }}_outcome as outcome,
        string_agg(
            question || coalesce(', ' || {{ source }}_words, ''), '; ' order by test_order
        ) as listed
    from tests
    group by conclusion_id, {{ source }}_outcome
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

worded as (
    select
        grouped.conclusion_id,
        grouped.source,
        string_agg(labels.label || ': ' || grouped.listed || '.', ' ' order by labels.sort_order)
            as words
    from grouped
    inner join labels on grouped.outcome = labels.verdict
    group by grouped.conclusion_id, grouped.source
),

final as (
    select
        printed.conclusion_id,
        printed.sort_order,
        printed.section,
        printed.plain,
        printed.quote,
        printed.notes,
        printed.n_tests,
        printed.n_holds as n_printed_holds,
        ours.n_holds as n_our_holds,
        printed.verdict as printed_verdict,
        printed.label as printed_label,
        printed_words.words as printed_words,
        ours.verdict as our_verdict,
        ours.label as our_label,
        cast(ours.verdict_order as integer) as our_order,
        our_words.words as our_words,
        {{ file_slug('printed.conclusion_id', 'A-Za-z') }} as slug
    from conclusions as printed
    inner join conclusions as ours
        on printed.conclusion_id = ours.conclusion_id and ours.source = 'ours'
    inner join worded as printed_words
        on printed.conclusion_id = printed_words.conclusion_id and printed_words.source = 'printed'
    inner join worded as our_words
        on printed.conclusion_id = our_words.conclusion_id and our_words.source = 'our'
    where printed.source = 'printed'
)

select * from final
order by sort_order
