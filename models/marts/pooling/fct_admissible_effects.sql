{%- set filters = analysis_filters() -%}
-- Grain: one row per kind of analysis and row of a sheet that an analysis of this kind could pool,
-- in the order in which those of one meta-analysis or trial are taken.
with

declared as (
    select
        *,
        {{ analysis_kind('analyses') }} as analysis_kind
    from {{ ref('int_analyses') }} as analyses
),

-- What all analyses of a kind ask for together: a filter that one of them leaves open is open.
analyses as (
    select distinct
        analysis_kind as analysis_id,
        scale,
        unit,
        {%- for column in filters %}
        if(
            count({{ column }}) over (partition by analysis_kind)
            = count(*) over (partition by analysis_kind),
            {{ column }},
            null
        ) as {{ column }},
        {%- endfor %}
        'any' as required_scope,
        'all' as selection_rule,
        review_kind,
        measure_unit,
        conversions,
        baseline_risk,
        network_evidence
    from declared
),

effects as (
    select * from {{ ref('int_effects') }}
),

rates as (
    select * from {{ ref('int_rates') }}
),

trials as (
    select * from {{ ref('int_trial_units') }}
),

trial_rows as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

superseding as (
    select
        superseded_id,
        related_handling,
        list(entering_id order by entering_id) as entering_ids
    from {{ ref('int_superseded_meta_analyses') }}
    group by superseded_id, related_handling
),

effect_candidates as (
    {{ effect_candidates() }}
),

rate_candidates as (
    {{ rate_candidates(has_every_arm=true) }}
),

trial_candidates as (
    {{ trial_candidates() }}
),

candidates as (
    select * from effect_candidates
    union all by name
    select * from rate_candidates
    union all by name
    select * from trial_candidates
),

admissible as (
    select
        analysis_id as analysis_kind,
        * exclude (analysis_id)
    from candidates
    where len(barring_reasons) = 0
),

{{ selection_sizes('admissible') }},

ordered as (
    select
        *,
        row_number() over (
            partition by analysis_kind
            order by {{ one_effect_order() }}
        ) as choice_order
    from sized
),

-- What the rows say for themselves: their codes for each filter, and the name and year of a trial.
coded as (
    select
        'reported_effects' as source_sheet,
        effect_id,
        scope,
        cast(null as varchar) as trial,
        cast(null as integer) as trial_year,
        {{ filter_codes('effects') }} as codes
    from effects
    union all
    select
        rates.source_sheet,
        rates.rate_id,
        'overall' as scope,
        trial_rows.study,
        trial_rows.year,
        {{ filter_codes('rates') }} as codes
    from rates
    left join trial_rows
        on rates.source_sheet = 'primary_studies' and rates.row_id = trial_rows.comparison_id
    union all
    select
        'primary_studies' as source_sheet,
        effect_id,
        'overall' as scope,
        label,
        year,
        {{ filter_codes('trials') }} as codes
    from trials
),

final as (
    select
        ordered.analysis_kind,
        cast(ordered.choice_order as integer) as choice_order,
        ordered.source_sheet,
        ordered.effect_id,
        ordered.meta_analysis_id,
        ordered.cluster_id,
        coded.scope,
        coded.trial,
        cast(coded.trial_year as integer) as trial_year,
        coded.codes,
        coalesce(declared_order.entering_ids, cast([] as varchar[])) as superseded_by,
        coalesce(other_order.entering_ids, cast([] as varchar[])) as superseded_by_other,
        ordered.n_studies,
        ordered.n_participants,
        ordered.person_time,
        ordered.k_for_selection,
        ordered.n_for_selection,
        ordered.yi,
        ordered.vi,
        ordered.yi_cox,
        ordered.vi_cox,
        ordered.ci_low,
        ordered.ci_high,
        ordered.ci_low_cox,
        ordered.ci_high_cox,
        ordered.conversion is not null as is_converted
    from ordered
    inner join coded
        on ordered.source_sheet = coded.source_sheet and ordered.effect_id = coded.effect_id
    left join superseding as declared_order
        on
            ordered.cluster_id = declared_order.superseded_id
            and declared_order.related_handling = 'declared'
    left join superseding as other_order
        on
            ordered.cluster_id = other_order.superseded_id
            and other_order.related_handling = 'other'
)

select * from final
order by analysis_kind, choice_order
