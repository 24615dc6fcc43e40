-- Grain: one row per reported effect that an analysis of standardised mean differences could pool,
-- by the conventional method, with all that the page shows of it and cuts by.
with

admissible as (
    select * from {{ ref('fct_admissible_effects') }}
),

policies as (
    select * from {{ ref('dim_policies') }}
    where policy_id = 'seed_paper'
),

effects as (
    select * from {{ ref('fct_effects') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

final as (
    select
        admissible.choice_order,
        admissible.effect_id,
        admissible.meta_analysis_id,
        meta_analyses.citation_label,
        cast(meta_analyses.year as integer) as year,
        admissible.scope,
        admissible.superseded_by,
        cast(admissible.n_studies as integer) as n_trials,
        cast(admissible.n_participants as integer) as n_participants,
        if(policies.or_to_smd_rule = 'cox', admissible.yi_cox, admissible.yi) as yi,
        if(policies.or_to_smd_rule = 'cox', admissible.vi_cox, admissible.vi) as vi,
        if(policies.or_to_smd_rule = 'cox', admissible.ci_low_cox, admissible.ci_low) as ci_low,
        if(policies.or_to_smd_rule = 'cox', admissible.ci_high_cox, admissible.ci_high)
            as ci_high,
        meta_analyses.source_kind,
        meta_analyses.amstar_score,
        effects.source_locator
    from admissible
    cross join policies
    inner join effects on admissible.effect_id = effects.effect_id
    inner join meta_analyses on admissible.meta_analysis_id = meta_analyses.meta_analysis_id
)

select * from final
