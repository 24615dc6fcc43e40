-- Grain: one row per set of trials, rule and policy.
select * from {{ ref('int_trial_pools') }}
