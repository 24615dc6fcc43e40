-- Grain: one row per reported effect that an analysis of standardised mean differences could pool,
-- in the order in which those of one meta-analysis are taken.
with

-- What all of the analyses ask for together: a filter that one of them leaves open is open.
analyses as (
    select distinct
        'any filters' as analysis_id,
        'smd' as scale,
        'meta_analysis' as unit,
        {%- for column in analysis_filters('effects') %}
        if(count({{ column }}) over () = count(*) over (), {{ column }}, null) as {{ column }},
        {%- endfor %}
        'any' as required_scope,
        'all' as selection_rule
    from {{ ref('dim_analyses') }}
    where analysis_id in (select analysis_id from {{ ref('rpt_explorer_analyses') }})
),

policies as (
    select * from {{ ref('dim_policies') }}
    where policy_id = 'seed_paper'
),

effects as (
    select * from {{ ref('int_effects') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

superseding as (
    select
        superseded_id,
        list(entering_id order by entering_id) as superseded_by
    from {{ ref('int_superseded_meta_analyses') }}
    where related_handling = 'declared'
    group by superseded_id
),

candidates as (
    {{ effect_candidates(['scope', 'source_locator']) }}
),

final as (
    select
        cast(row_number() over (order by {{ one_effect_order() }}) as integer) as choice_order,
        candidates.effect_id,
        candidates.meta_analysis_id,
        meta_analyses.citation_label,
        cast(meta_analyses.year as integer) as year,
        candidates.scope,
        coalesce(superseding.superseded_by, cast([] as varchar[])) as superseded_by,
        cast(candidates.n_studies as integer) as n_trials,
        cast(candidates.n_participants as integer) as n_participants,
        if(policies.or_to_smd_rule = 'cox', candidates.yi_cox, candidates.yi) as yi,
        if(policies.or_to_smd_rule = 'cox', candidates.vi_cox, candidates.vi) as vi,
        if(policies.or_to_smd_rule = 'cox', candidates.ci_low_cox, candidates.ci_low) as ci_low,
        if(policies.or_to_smd_rule = 'cox', candidates.ci_high_cox, candidates.ci_high)
            as ci_high,
        meta_analyses.source_kind,
        meta_analyses.amstar_score,
        candidates.source_locator
    from candidates
    cross join policies
    inner join meta_analyses on candidates.meta_analysis_id = meta_analyses.meta_analysis_id
    left join superseding on candidates.meta_analysis_id = superseding.superseded_id
    where len(candidates.barring_reasons) = 0
)

select * from final
