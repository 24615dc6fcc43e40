-- Grain: one row per verdict of replication: how many published statements of each kind have it.
with

verdicts as (
    select * from {{ ref('stg_protocol__replication_verdicts') }}
),

audit as (
    select * from {{ ref('fct_claim_audit') }}
),

final as (
    select
        verdicts.verdict,
        verdicts.label,
        verdicts.meaning,
        cast(verdicts.sort_order as integer) as sort_order,
        {%- for kind in ['claim', 'comparison', 'count', 'sum'] %}
        cast(count_if(audit.subject_kind = '{{ kind }}') as integer) as n_{{ kind }}s,
        {%- endfor %}
        cast(count(audit.subject_id) as integer) as n_statements
    from verdicts
    left join audit on verdicts.verdict = audit.replication
    group by all
)

select * from final
order by sort_order
