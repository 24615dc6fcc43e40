-- Grain: one row per funnel plot: what is pooled, and what the tests of asymmetry say. A funnel of
-- fewer than three meta-analyses is not drawn.
with

figures as (
    select
        figures.figure_id,
        figures.condition,
        blocks.analysis_id
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    where figures.figure_kind = 'funnel'
),

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
    where policy_id = 'recommended' and k >= {{ least_k_for_a_funnel() }}
),

tests as (
    select
        tests.*,
        round(1 - policies.ci_level, 6) as level
    from {{ ref('fct_small_study_effects') }} as tests
    inner join {{ ref('dim_policies') }} as policies on tests.policy_id = policies.policy_id
    where tests.policy_id = {{ independent_policy() }}
),

final as (
    select
        figures.figure_id,
        figures.condition,
        pooled.analysis_id,
        pooled.analysis_label,
        pooled.k,
        {{ display_scale('pooled.estimate', 'pooled.shown_as') }} as estimate,
        {{ display_scale('pooled.ci_low', 'pooled.shown_as') }} as ci_low,
        {{ display_scale('pooled.ci_high', 'pooled.shown_as') }} as ci_high,
        pseudo.z as pseudo_limit_z,
        tests.policy_id as independent_policy_id,
        tests.level,
        {{ display_scale('tests.estimate', 'pooled.shown_as') }} as independent_estimate,
        {{ display_scale('tests.ci_low', 'pooled.shown_as') }} as independent_ci_low,
        {{ display_scale('tests.ci_high', 'pooled.shown_as') }} as independent_ci_high,
        tests.egger_status,
        tests.egger_bias,
        tests.egger_bias_ci_low as egger_ci_low,
        tests.egger_bias_ci_high as egger_ci_high,
        tests.egger_statistic,
        tests.egger_df,
        tests.egger_p,
        tests.egger_p < tests.level as is_asymmetric,
        tests.egger_smd_status,
        tests.egger_smd_k,
        tests.egger_smd_k_with_arms,
        tests.egger_smd_bias,
        tests.egger_smd_bias_ci_low as egger_smd_ci_low,
        tests.egger_smd_bias_ci_high as egger_smd_ci_high,
        tests.egger_smd_statistic,
        tests.egger_smd_df,
        tests.egger_smd_p,
        tests.egger_smd_p < tests.level as is_smd_asymmetric,
        coalesce(
            tests.egger_smd_status = 'ok' and tests.egger_smd_k >= {{ least_k_for_asymmetry() }},
            false
        ) as is_smd_tested,
        tests.egger_same_p,
        tests.trim_and_fill_status as filled_status,
        tests.trim_and_fill_k0 as filled_k,
        tests.trim_and_fill_side as filled_side,
        {{ display_scale('tests.trim_and_fill_estimate', 'pooled.shown_as') }} as filled_estimate,
        {{ display_scale('tests.trim_and_fill_ci_low', 'pooled.shown_as') }} as filled_ci_low,
        {{ display_scale('tests.trim_and_fill_ci_high', 'pooled.shown_as') }} as filled_ci_high,
        if(
            pooled.k < {{ least_k_for_asymmetry() }},
            'Tests of asymmetry are not meaningful below ten ' || review.members_word
            || '; here are ' || pooled.k || '.',
            null
        ) as caution
    from figures
    inner join pooled on figures.analysis_id = pooled.analysis_id
    inner join {{ ref('rpt_funnel_contours') }} as pseudo on pseudo.p_value = 0.05
    left join tests on figures.analysis_id = tests.analysis_id
    cross join {{ ref('dim_review') }} as review
)

select * from final
order by figure_id, analysis_id
