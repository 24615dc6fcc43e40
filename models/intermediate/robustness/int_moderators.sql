-- Grain: one row per headline analysis of effects, moderator and member that has a value of it, by
-- the policy that takes members as independent. Sizes are logarithms to the base 2: one more is
-- twice as many.
with

members as (
    select
        inputs.analysis_id,
        inputs.policy_id,
        inputs.tau2_method,
        inputs.ci_method,
        inputs.ci_level,
        unnest(inputs.effect_ids) as effect_id,
        unnest(inputs.yis) as yi,
        unnest(inputs.vis) as vi
    from {{ ref('int_pool_inputs') }} as inputs
    inner join {{ ref('stg_protocol__analyses') }} as analyses
        on inputs.analysis_id = analyses.analysis_id
    where
        inputs.policy_id = {{ independent_policy(ref('stg_protocol__policies')) }}
        and {{ is_headline('analyses') }}
        and not {{ is_of_rates('analyses.scale') }}
),

described as (
    select
        members.*,
        if(effects.trial is null, meta_analyses.year, effects.trial_year) as year,
        if(candidates.n_studies > 0, log2(candidates.n_studies), null) as studies,
        if(candidates.n_participants > 0, log2(candidates.n_participants), null) as participants
    from members
    inner join {{ ref('int_analysis_candidates') }} as candidates
        on
            members.analysis_id = candidates.analysis_id
            and members.effect_id = candidates.effect_id
    inner join {{ ref('int_member_effects') }} as effects
        on
            candidates.source_sheet = effects.source_sheet
            and candidates.effect_id = effects.effect_id
    left join {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
        on candidates.meta_analysis_id = meta_analyses.meta_analysis_id
),

listed as (
    select
        * exclude (year, studies, participants),
        unnest(['year', 'studies', 'participants']) as moderator,
        unnest([1, 2, 3]) as moderator_order,
        unnest([cast(year as double), studies, participants]) as x
    from described
)

select * from listed
where
    x is not null
    and yi is not null
    and vi is not null
