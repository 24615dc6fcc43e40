-- Grain: one row per analysis at follow-up, meta-analysis that gives both times, and correlation
-- that is assumed of the two.
with

differences as (
    select * from {{ ref('int_follow_up_differences') }}
),

effects as (
    select * from {{ ref('int_effects') }}
),

final as (
    select
        differences.analysis_id,
        differences.meta_analysis_id,
        differences.correlation,
        differences.post_analysis_id,
        differences.effect_id,
        differences.post_effect_id,
        effects.follow_up_months,
        differences.n_studies,
        differences.post_n_studies,
        differences.yi as estimate,
        differences.post_yi as post_estimate,
        differences.change,
        sqrt(differences.change_vi) as change_se,
        differences.change - {{ z_975() }} * sqrt(differences.change_vi) as change_ci_low,
        differences.change + {{ z_975() }} * sqrt(differences.change_vi) as change_ci_high
    from differences
    inner join effects on differences.effect_id = effects.effect_id
)

select * from final
order by analysis_id, meta_analysis_id, correlation
