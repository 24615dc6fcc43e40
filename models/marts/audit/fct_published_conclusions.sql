-- Grain: one row per conclusion of the published review and source: what its tests come to, by the
-- printed numbers or by ours.
with

conclusions as (
    select * from {{ ref('stg_published__conclusions') }}
),

tests as (
    select * from {{ ref('fct_conclusion_tests') }}
),

counted as (
    select
        conclusion_id,
        source,
        count(*) as n_tests,
    {%- for outcome in ['holds', 'not_shown', 'contradicted', 'no_data'] %}
    count_if(outcome = '{{ outcome }}') as n_{{ outcome }}{{ ',' if not loop.last }}
    {%- endfor %}
    from tests
    group by conclusion_id, source
),

final as (
    select
        conclusions.conclusion_id || ':' || counted.source as conclusion_source_id,
        conclusions.conclusion_id,
        counted.source,
        cast(conclusions.row_number as integer) as sort_order,
        conclusions.section,
        conclusions.plain,
        conclusions.quote,
        conclusions.notes,
        cast(counted.n_tests as integer) as n_tests,
        cast(counted.n_holds as integer) as n_holds,
        cast(counted.n_not_shown as integer) as n_not_shown,
        cast(counted.n_contradicted as integer) as n_contradicted,
        cast(counted.n_no_data as integer) as n_no_data,
        case
            when counted.n_no_data = counted.n_tests then 'no_data'
            when counted.n_holds = counted.n_tests then 'holds'
            when counted.n_holds > 0 and conclusions.holds_in_part = 'y' then 'in_part'
            when counted.n_contradicted > 0 then 'contradicted'
            else 'not_shown'
        end as verdict
    from conclusions
    inner join counted on conclusions.conclusion_id = counted.conclusion_id
)

select * from final
order by sort_order, source
