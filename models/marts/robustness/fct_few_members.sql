-- Grain: one row per analysis of effects with few members (pool_size_bands has a caution for it)
-- and method: what each makes of the same meta-analyses.
with

few as (
    select * from {{ ref('int_few_member_fits') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

pooled as (
    select
        pooled.analysis_id,
        policies.policy_id as method,
        policies.label as method_label,
        policies.sort_order as method_order,
        pooled.status,
        pooled.k,
        pooled.estimate,
        pooled.ci_low,
        pooled.ci_high
    from few
    inner join {{ ref('fct_pooled_effects') }} as pooled on few.analysis_id = pooled.analysis_id
    inner join policies on pooled.policy_id = policies.policy_id
    where pooled.policy_id in ('recommended', 'seed_paper') or pooled.tau2_method = 'CE'
),

bayes as (
    select
        analysis_id,
        'bayes' as method,
        'Posterior with a half-normal prior (Bayesian)' as method_label,
        1000 as method_order,
        fit.status as status,
        k,
        fit.estimate as estimate,
        fit.ci_low as ci_low,
        fit.ci_high as ci_high,
        fit.p_positive as p_positive,
        prior_scale
    from few
    where prior_scale is not null
),

stacked as (
    select * from pooled
    union all by name
    select * from bayes
)

select
    analysis_id,
    method,
    method_label,
    cast(method_order as integer) as method_order,
    status,
    k,
    estimate,
    ci_low,
    ci_high,
    {{ side('ci_low', 'ci_high') }} as side,
    p_positive,
    prior_scale
from stacked
order by analysis_id, method_order
