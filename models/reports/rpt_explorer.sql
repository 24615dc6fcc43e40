-- Grain: one row per member of a condition's main analysis, by the conventional method.
with

analyses as (
    select * from {{ ref('dim_analyses') }}
    where analysis_group = 'condition' and scale = 'smd' and unit = 'meta_analysis'
),

members as (
    select * from {{ ref('fct_analysis_members') }}
    where policy_id = 'seed_paper' and is_member
),

effects as (
    select * from {{ ref('fct_effects') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

final as (
    select
        members.analysis_id,
        members.effect_id,
        analyses.label as analysis_label,
        cast(analyses.sort_order as integer) as sort_order,
        members.meta_analysis_id,
        meta_analyses.citation_label,
        cast(meta_analyses.year as integer) as year,
        cast(members.n_studies as integer) as n_trials,
        cast(members.n_participants as integer) as n_participants,
        members.yi,
        members.vi,
        members.ci_low,
        members.ci_high,
        effects.comparator_class,
        effects.guidance,
        meta_analyses.source_kind,
        meta_analyses.amstar_score,
        effects.source_locator
    from members
    inner join analyses on members.analysis_id = analyses.analysis_id
    inner join effects on members.effect_id = effects.effect_id
    inner join meta_analyses on members.meta_analysis_id = meta_analyses.meta_analysis_id
)

select * from final
