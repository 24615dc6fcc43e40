-- A condition's main analysis on the page must pool as many as the warehouse does.
with

shown as (
    select
        analysis_id,
        count(*) as n_shown
    from {{ ref('rpt_explorer') }}
    group by analysis_id
)

select
    pooled.analysis_id,
    pooled.k,
    shown.n_shown
from {{ ref('fct_pooled_effects') }} as pooled
inner join {{ ref('dim_analyses') }} as analyses on pooled.analysis_id = analyses.analysis_id
left join shown on pooled.analysis_id = shown.analysis_id
where
    analyses.unit = 'meta_analysis'
    and pooled.policy_id = 'seed_paper'
    and pooled.analysis_group = 'condition'
    and pooled.scale = 'smd'
    and pooled.k != coalesce(shown.n_shown, 0)
