-- Grain: one row per effect that can be a member of an analysis.
select * from {{ ref('int_member_effects') }}
order by effect_id
