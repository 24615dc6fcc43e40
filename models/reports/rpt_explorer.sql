-- Grain: one row per kind of analysis and row of a sheet that an analysis of this kind could pool,
-- by the conventional method, with all that the page shows of it and cuts by.
with

admissible as (
    select * from {{ ref('fct_admissible_effects') }}
),

kinds as (
    select * from {{ ref('rpt_explorer_kinds') }}
),

policies as (
    select * from {{ ref('dim_policies') }}
    where policy_id = 'seed_paper'
),

effects as (
    select
        source_sheet,
        effect_id,
        source_locator
    from {{ ref('dim_member_effects') }}
),

reported_rates as (
    select
        source_sheet,
        rate_id,
        percent_low,
        percent_high
    from {{ ref('fct_rates') }}
    where interval_kind = 'ci95'
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

chosen as (
    select
        admissible.*,
        kinds.shown_as,
        if(policies.or_to_smd_rule = 'cox', admissible.yi_cox, admissible.yi)
            as yi_chosen,
        if(policies.or_to_smd_rule = 'cox', admissible.vi_cox, admissible.vi)
            as vi_chosen,
        if(policies.or_to_smd_rule = 'cox', admissible.ci_low_cox, admissible.ci_low)
            as ci_low_chosen,
        if(policies.or_to_smd_rule = 'cox', admissible.ci_high_cox, admissible.ci_high)
            as ci_high_chosen
    from admissible
    inner join kinds on admissible.analysis_kind = kinds.analysis_kind
    cross join policies
),

final as (
    select
        chosen.analysis_kind,
        chosen.choice_order,
        chosen.effect_id,
        chosen.meta_analysis_id,
        chosen.cluster_id,
        coalesce(chosen.trial, meta_analyses.citation_label, chosen.meta_analysis_id)
            as citation_label,
        cast(if(chosen.trial is null, meta_analyses.year, chosen.trial_year) as integer) as year,
        chosen.scope,
        chosen.superseded_by,
        chosen.superseded_by_other,
        cast(chosen.n_studies as integer) as n_trials,
        cast(chosen.n_participants as integer) as n_participants,
        chosen.person_time,
        chosen.yi_chosen as yi,
        chosen.vi_chosen as vi,
        {{ shown_value('chosen.yi_chosen', 'chosen.shown_as') }} as estimate,
        coalesce(
            reported_rates.percent_low, {{ shown_value('chosen.ci_low_chosen', 'chosen.shown_as') }}
        ) as ci_low,
        coalesce(
            reported_rates.percent_high,
            {{ shown_value('chosen.ci_high_chosen', 'chosen.shown_as') }}
        ) as ci_high,
        meta_analyses.source_kind,
        if(chosen.trial is null, meta_analyses.amstar_score, null) as amstar_score,
        effects.source_locator
    from chosen
    left join effects
        on
            chosen.source_sheet = effects.source_sheet
            and chosen.effect_id = effects.effect_id
    left join reported_rates
        on
            chosen.source_sheet = reported_rates.source_sheet
            and chosen.effect_id = reported_rates.rate_id
    left join meta_analyses on chosen.meta_analysis_id = meta_analyses.meta_analysis_id
)

select * from final
order by analysis_kind, choice_order
