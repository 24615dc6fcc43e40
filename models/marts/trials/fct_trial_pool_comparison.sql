-- Grain: one row per pool of trials.
select * from {{ ref('int_trial_pool_comparison') }}
