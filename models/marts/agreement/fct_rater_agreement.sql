-- Grain: one row per appraisal tool and item, and per tool over all items.
with

agreement as (
    select * from {{ ref('int_rater_agreement') }}
),

final as (
    select
        tool || ':' || coalesce(cast(item as varchar), 'all') as agreement_id,
        tool,
        cast(item as integer) as item,
        cast(n_rated as integer) as n_rated,
        cast(n_pairs as integer) as n_pairs,
        cast(n_agreed as integer) as n_agreed,
        cast(n_unresolved as integer) as n_unresolved,
        case
            when n_rated = 0 then 'nothing was rated with this tool'
            when n_pairs = 0 then 'no answer of two raters'
            else 'ok'
        end as status,
        100 * n_agreed / nullif(n_pairs, 0) as percent_agreement,
        100 * agreement.ci_low as percent_agreement_ci_low,
        100 * agreement.ci_high as percent_agreement_ci_high,
        kappa.status as kappa_status,
        kappa.estimate as kappa,
        kappa.ci_low as kappa_ci_low,
        kappa.ci_high as kappa_ci_high,
        ac1.status as ac1_status,
        ac1.estimate as ac1,
        ac1.ci_low as ac1_ci_low,
        ac1.ci_high as ac1_ci_high
    from agreement
    order by tool, item nulls first
)

select * from final
