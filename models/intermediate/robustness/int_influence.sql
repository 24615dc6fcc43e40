-- Grain: one row per headline analysis of effects and member: what it does to the pool that takes
-- members as independent, as these measures do.
with

inputs as (
    select inputs.*
    from {{ ref('int_pool_inputs') }} as inputs
    inner join {{ ref('stg_protocol__analyses') }} as analyses
        on inputs.analysis_id = analyses.analysis_id
    where
        inputs.policy_id = {{ independent_policy(ref('stg_protocol__policies')) }}
        and {{ is_headline('analyses') }}
        and not {{ is_of_rates('analyses.scale') }}
        and len(inputs.effect_ids) > 1
),

fits as (
    select
        *,
        influence(yis, vis, {'tau2_method': tau2_method}) as cases,
        baujat(yis, vis, {'tau2_method': tau2_method}) as shares
    from inputs
),

final as (
    select
        analysis_id,
        policy_id,
        cases.k as k,
        cases.status as status,
        unnest(effect_ids) as effect_id,
        {%- for value in ['rstudent', 'dffits', 'cook_d', 'cov_ratio', 'hat', 'is_influential'] %}
        unnest(cases.{{ value }}) as {{ value }},
        {%- endfor %}
        unnest(shares.heterogeneity) as heterogeneity,
        unnest(shares.influence) as influence
    from fits
)

select * from final
