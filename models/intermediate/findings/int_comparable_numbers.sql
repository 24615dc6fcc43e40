-- Grain: one row per effect, rate or trial comparison that has a number, on the scale of its
-- pooling: what the rules across rows compare. Where the measure has no such scale there is none.
with

effects as (
    select
        'reported_effects' as sheet,
        effects.row_number,
        effects.effect_id as row_id,
        effects.meta_analysis_id,
        effects.condition,
        effects.outcome,
        effects.timepoint,
        effects.measure_family as family,
        effects.own_scale as scale,
        concat_ws(' / ', effects.own_scale, effects.measure_unit) as unit,
        effects.comparator_class = 'active' as is_against_active,
        effects.favourable_direction,
        {{ own_effect('yi', 'effects') }} as y,
        sqrt({{ own_effect('vi', 'effects') }}) as se,
        {{ own_effect('ci_low', 'effects') }} as y_low,
        {{ own_effect('ci_high', 'effects') }} as y_high,
        effects.n_comparisons as k,
        effects.n_total as n,
        'estimate, ci_low, ci_high, favourable_direction' as columns,
        concat_ws(
            ' ', effects.estimate, '(' || effects.ci_low || ' to ' || effects.ci_high || ')'
        ) as printed
    from {{ ref('int_effects') }} as effects
),

rates as (
    select
        source_sheet as sheet,
        row_number,
        row_id,
        meta_analysis_id,
        condition,
        outcome,
        cast(null as varchar) as timepoint,
        if(scale = 'logit', 'proportion', 'incidence rate') as family,
        scale,
        scale as unit,
        false as is_against_active,
        cast(null as varchar) as favourable_direction,
        if(
            scale = 'logit',
            {{ logit_of('percent') }}, ln(nullif(rate, 0) / person_years)
        ) as y,
        sqrt(vi) as se,
        cast(null as double) as y_low,
        cast(null as double) as y_high,
        n_studies as k,
        total as n,
        if(
            scale = 'logit',
            'percent, percent_low, percent_high, events, total',
            'rate, rate_low, rate_high, rate_unit, events, person_time'
        ) as columns,
        concat_ws(
            ' ', {{ show('percent') }} || ' %', {{ show('rate') }},
            '(' || coalesce(percent_low, rate_low) || ' to ' || coalesce(percent_high, rate_high)
            || ')', rate_unit,
            events || if(scale = 'logit', '/' || total, ' in ' || {{ show('person_time') }})
        ) as printed
    from {{ ref('int_rates') }}
    where source_sheet = 'reported_rates'
),

trials as (
    select
        'primary_studies' as sheet,
        conversions.row_number,
        conversions.comparison_id as row_id,
        conversions.meta_analysis_id,
        conversions.condition,
        conversions.outcome,
        conversions.timepoint,
        'trial ' || conversions.scale as family,
        conversions.scale,
        concat_ws(' / ', conversions.scale, typed.instrument) as unit,
        false as is_against_active,
        typed.favourable_direction,
        conversions.yi as y,
        sqrt(conversions.vi) as se,
        conversions.yi - {{ z_975() }} * sqrt(conversions.vi) as y_low,
        conversions.yi + {{ z_975() }} * sqrt(conversions.vi) as y_high,
        cast(null as bigint) as k,
        conversions.n_participants as n,
        concat_ws(
            ', ',
            if(typed.reported_g is not null, 'reported_g, reported_se', null),
            if(typed.estimate is not null, 'estimate, estimate_se, ci_low, ci_high', null),
            if(
                typed.mean_intervention is not null,
                'mean_intervention, sd_intervention, n_intervention, mean_control, sd_control, '
                || 'n_control', null
            ),
            if(
                typed.events_intervention is not null,
                'events_intervention, total_intervention, events_control, total_control', null
            ),
            'favourable_direction'
        ) as columns,
        concat_ws(
            ' ', typed.study, coalesce(typed.reported_g, typed.estimate),
            typed.mean_intervention || ' (' || typed.sd_intervention || ') against '
            || typed.mean_control || ' (' || typed.sd_control || ')',
            typed.events_intervention || '/' || typed.total_intervention || ' against '
            || typed.events_control || '/' || typed.total_control
        ) as printed
    from {{ ref('int_trial_conversions') }} as conversions
    inner join {{ ref('stg_extraction__primary_studies') }} as typed
        on conversions.row_number = typed.row_number
    -- A trial has a row per form of its variance; any of them will do here.
    qualify
        row_number() over (
            partition by conversions.row_number
            order by conversions.variance_form, conversions.correction
        ) = 1
),

final as (
    select * from effects
    union all
    select * from rates
    union all
    select * from trials
)

select * from final
