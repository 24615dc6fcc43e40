-- Grain: one row per headline analysis and year in which a member of it was published, by the
-- policy recommended: all members of today up to that year pooled as the policy does it; one that
-- was updated since enters only with its update. Members of unknown year come last. What is
-- positive definite stays so without rows and their columns, so the shrinkage is kept.
with

whole as (
    select
        inputs.*,
        generate_subscripts(inputs.effect_ids, 1) as position,
        unnest(inputs.effect_ids) as effect_id
    from {{ ref('int_pool_inputs') }} as inputs
    inner join {{ ref('stg_protocol__analyses') }} as analyses
        on inputs.analysis_id = analyses.analysis_id
    where inputs.policy_id = 'recommended' and {{ is_headline('analyses') }}
),

published as (
    select
        candidates.analysis_id,
        candidates.effect_id,
        if(effects.trial is null, meta_analyses.year, effects.trial_year) as year
    from {{ ref('int_analysis_candidates') }} as candidates
    inner join {{ ref('int_member_effects') }} as effects
        on
            candidates.source_sheet = effects.source_sheet
            and candidates.effect_id = effects.effect_id
    left join {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
        on candidates.meta_analysis_id = meta_analyses.meta_analysis_id
    where candidates.is_member or candidates.is_member_as_reported
),

placed as (
    select
        whole.*,
        published.year,
        dense_rank() over (
            partition by whole.analysis_id order by published.year nulls last
        ) as step
    from whole
    inner join published
        on
            whole.analysis_id = published.analysis_id
            and whole.effect_id = published.effect_id
),

steps as (
    select distinct
        analysis_id,
        step,
        year
    from placed
),

grown as (
    select
        steps.analysis_id,
        placed.policy_id,
        steps.step,
        steps.year,
        list_sort(list(placed.effect_id) filter (placed.step = steps.step)) as added_effect_ids,
        list(placed.position order by placed.position) as positions,
        list(placed.yis[placed.position] order by placed.position) as yis,
        list(placed.vis[placed.position] order by placed.position) as vis,
        any_value(placed.other_correlation) as other_correlation,
        any_value(placed.shrinkage) as shrinkage,
        any_value(placed.overlap_handling) as overlap_handling,
        any_value(placed.tau2_method) as tau2_method,
        any_value(placed.ci_method) as ci_method,
        any_value(placed.pi_method) as pi_method,
        any_value(placed.tau2_ci_method) as tau2_ci_method,
        any_value(placed.ci_level) as ci_level,
        any_value(placed.correlations) as all_correlations
    from steps
    inner join placed
        on
            steps.analysis_id = placed.analysis_id
            and steps.step >= placed.step
    group by steps.analysis_id, placed.policy_id, steps.step, steps.year
),

inputs as (
    select
        * exclude (all_correlations, positions),
        {{ pairs_within('all_correlations', 'positions') }} as correlations
    from grown
),

{{ pool_inputs() }}

select
    analysis_id,
    policy_id,
    step,
    year,
    added_effect_ids,
    fit
from final
