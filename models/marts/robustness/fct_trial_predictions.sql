-- Grain: one row per analysis of effects and policy with a rough prediction for single trials.
select * from {{ ref('int_trial_predictions') }}
order by analysis_id, policy_id
