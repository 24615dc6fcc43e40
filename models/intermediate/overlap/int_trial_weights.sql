-- Grain: one row per eligible effect whose trials are all known by their own results, with the
-- weight of each in the random-effects mean. Known means: as many trials of that meta-analysis,
-- condition and outcome in primary_studies as the effect has comparisons, each a different trial.
with

eligible as (
    select distinct effect_id
    from {{ ref('int_candidate_rows') }}
    where is_eligible and source_sheet = 'reported_effects'
),

effects as (
    select effects.*
    from {{ ref('int_effects') }} as effects
    inner join eligible on effects.effect_id = eligible.effect_id
    where effects.yi_smd is not null
),

trials as (
    select
        trial_rows.meta_analysis_id,
        trial_rows.condition,
        trial_rows.outcome,
        trial_rows.trial_id,
        trial_effects.yi_smd as yi,
        trial_effects.vi_smd as vi
    from {{ ref('int_trial_rows') }} as trial_rows
    inner join {{ ref('int_trial_effects') }} as trial_effects
        on trial_rows.comparison_id = trial_effects.comparison_id
),

grouped as (
    select
        effects.effect_id,
        list(trials.trial_id order by trials.trial_id) as trial_ids,
        list(trials.yi order by trials.trial_id) as yis,
        list(trials.vi order by trials.trial_id) as vis
    from effects
    inner join trials
        on
            effects.meta_analysis_id = trials.meta_analysis_id
            and effects.condition = trials.condition
            and effects.outcome = trials.outcome
    group by effects.effect_id, effects.n_comparisons
    having
        count(*) = effects.n_comparisons
        and count(distinct trials.trial_id) = count(*)
        and count(trials.vi) = count(*)
        and count(*) > 1
),

final as (
    select
        effect_id,
        trial_ids,
        vis,
        pool(yis, vis, {'tau2_method': 'REML', 'pi_method': 'none'}) as fit
    from grouped
)

select * from final
order by effect_id
