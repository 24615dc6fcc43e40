-- Grain: one row per declared analysis that the page can pool and policy to compare with: the one
-- whose conversions the rows of the page have (is_of_rows), and the recommended one.
with

analyses as (
    select
        analysis_id,
        kinds.shown_as
    from {{ ref('rpt_explorer_analyses') }}
    inner join {{ ref('rpt_explorer_kinds') }} as kinds using (analysis_kind)
),

rates as (
    select
        analysis_id,
        policy_id,
        tau2_method,
        ci_method,
        pi_method,
        ci_level,
        overlap_handling,
        k,
        pooled_rate as estimate,
        ci_low_rate as ci_low,
        ci_high_rate as ci_high,
        pi_low_rate as pi_low,
        pi_high_rate as pi_high,
        tau2,
        q,
        q_df,
        i2_q
    from {{ ref('fct_pooled_rates') }}
),

effects as (
    select
        pooled.analysis_id,
        pooled.policy_id,
        pooled.tau2_method,
        pooled.ci_method,
        pooled.pi_method,
        pooled.ci_level,
        pooled.overlap_handling,
        pooled.k,
        {%- for value in ['estimate', 'ci_low', 'ci_high', 'pi_low', 'pi_high'] %}
        {{ display_scale('pooled.' ~ value, 'analyses.shown_as') }} as {{ value }},
        {%- endfor %}
        pooled.p_value,
        pooled.tau2,
        pooled.q,
        pooled.q_df,
        pooled.i2_q
    from {{ ref('fct_pooled_effects') }} as pooled
    inner join analyses on pooled.analysis_id = analyses.analysis_id
),

stacked as (
    select * from effects
    union all by name
    select * from rates
),

final as (
    select
        stacked.*,
        policies.label as policy_label,
        cast(policies.sort_order as integer) as policy_order,
        stacked.policy_id = 'seed_paper' as is_of_rows
    from stacked
    inner join {{ ref('dim_policies') }} as policies on stacked.policy_id = policies.policy_id
    semi join analyses on stacked.analysis_id = analyses.analysis_id
    where stacked.policy_id in ('seed_paper', 'recommended')
)

select * from final
order by analysis_id, policy_id
