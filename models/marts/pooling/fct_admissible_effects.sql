-- Grain: one row per reported effect that an analysis of standardised mean differences could pool,
-- in the order in which those of one meta-analysis are taken.
with

-- What all of these analyses ask for together: a filter that one of them leaves open is open.
analyses as (
    select distinct
        'any filters' as analysis_id,
        scale,
        unit,
        {%- for column in analysis_filters('effects') %}
        if(count({{ column }}) over () = count(*) over (), {{ column }}, null) as {{ column }},
        {%- endfor %}
        'any' as required_scope,
        'all' as selection_rule,
        review_kind,
        null as measure_unit,
        null as conversions,
        null as baseline_risk,
        cast(null as varchar) as network_evidence
    from {{ ref('int_analyses') }}
    where scale = 'smd' and unit = 'meta_analysis'
),

effects as (
    select * from {{ ref('int_effects') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
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
    {{ effect_candidates(['scope']) }}
),

final as (
    select
        cast(row_number() over (order by {{ one_effect_order() }}) as integer) as choice_order,
        candidates.effect_id,
        candidates.meta_analysis_id,
        candidates.scope,
        coalesce(superseding.superseded_by, cast([] as varchar[])) as superseded_by,
        candidates.n_studies,
        candidates.n_participants,
        candidates.yi,
        candidates.vi,
        candidates.yi_cox,
        candidates.vi_cox,
        candidates.ci_low,
        candidates.ci_high,
        candidates.ci_low_cox,
        candidates.ci_high_cox
    from candidates
    left join superseding on candidates.meta_analysis_id = superseding.superseded_id
    where len(candidates.barring_reasons) = 0
)

select * from final
order by choice_order
