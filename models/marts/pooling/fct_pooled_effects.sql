-- Grain: one row per analysis of effects and policy.
select * from {{ ref('int_pooled_effects') }}
where not {{ is_of_rates('scale') }}
