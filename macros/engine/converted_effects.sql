{% macro converted_effects(effects, keys=[]) %}
effects as (
    select * from {{ effects }}
),

measures as (
    select * from {{ ref('int_measures') }}
),

outcomes as (
    select * from {{ ref('int_outcomes') }}
),

review as (
    select * from {{ ref('int_review') }}
),

comparators as (
    select * from {{ ref('stg_vocabulary__comparators') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

faults as (
    select
        row_number,
        list(reason order by column_name, reason) as fault_reasons
    from {{ ref('stg_sheet_faults') }}
    where sheet = 'reported_effects' and severity = 'not_poolable'
    group by row_number
),

impossible as (
    select * from {{ ref('int_impossible_rows') }}
    where sheet = 'reported_effects'
),

printed as (
    select
        row_number,
        p_value_most
    from {{ ref('int_printed_results') }}
    where sheet = 'reported_effects' and part = 'result'
),

switches as (
    select
        {%- for role in ['upper_limit', 'p_bound'] %}
        max(assumption) filter (role = '{{ role }}' and used = 'always') as {{ role }}_assumption
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref('stg_protocol__conversions') }}
),

described as (
    select
        effects.*,
        switches.*,
        case
            when effects.p_value = 0 then printed.p_value_most
            when effects.p_operator = '<' or effects.p_value <= {{ least_p() }}
                then {{ greatest_of(['effects.p_value', least_p()]) }}
        end as p_bound,
        measures.measure_family,
        measures.own_scale,
        measures.shown_as,
        measures.is_as_shown,
        measures.is_smd_measure,
        measures.role as measure_role,
        outcomes.polarity,
        review.review_kind,
        {{ comparator_class_of('effects.comparator', 'comparators') }} as comparator_class,
        meta_analyses.delivery,
        coalesce(faults.fault_reasons, cast([] as varchar[])) as fault_reasons,
        coalesce(impossible.reasons, cast([] as varchar[])) as impossible_reasons,
        case
            when effects.flags is null then cast([] as varchar[])
            else list_transform(string_split(effects.flags, ';'), lambda flag: trim(flag))
        end as flag_list,
        {{ benefit_sign('effects.favourable_direction') }} as benefit_sign,
        {{ contrast_sign(
            'benefit_sign', 'effects.favourable_direction', 'outcomes.polarity'
        ) }} as contrast_sign
    from effects
    cross join review
    cross join switches
    left join printed on effects.row_number = printed.row_number
    left join measures on effects.measure = measures.measure
    left join outcomes on effects.outcome = outcomes.outcome
    left join meta_analyses on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    left join faults on effects.row_number = faults.row_number
    left join impossible on effects.row_number = impossible.row_number
),

on_analysis_scale as (
    select
        *,
        {{ analysis_scale('estimate') }} as estimate_analysis,
        {{ analysis_scale('ci_low') }} as ci_low_analysis,
        {{ analysis_scale('ci_high') }} as ci_high_analysis,
        {{ barring_flags('flags') }} as barring_flags
    from described
),

recovered as (
    select
        *,
        se_from_ci(ci_low_analysis, ci_high_analysis, ci_level) as from_interval,
        -- Half of an interval whose lower limit was rounded to zero.
        if(
            upper_limit_assumption is not null and is_as_shown and shown_as = 'exp' and ci_low = 0,
            se_from_ci(2 * estimate_analysis - ci_high_analysis, ci_high_analysis, ci_level),
            null
        ) as from_upper_limit,
        se_from_p(
            estimate_analysis, if(p_operator = '=' and p_value > {{ least_p() }}, p_value, null)
        ) as from_p_value,
        se_from_p(
            estimate_analysis,
            if(p_bound_assumption is not null and p_operator in ('=', '<'), p_bound, null)
        ) as from_p_bound
    from on_analysis_scale
),

with_source as (
    select
        *,
        case
            when from_interval.status = 'ok' and from_interval.se ** 2 > 0
                then 'confidence_interval'
            when se ** 2 > 0 then 'standard_error'
            when from_upper_limit.status = 'ok' and from_upper_limit.se ** 2 > 0 then 'upper_limit'
            when from_p_value.status = 'ok' and from_p_value.se ** 2 > 0 then 'p_value'
            when from_p_bound.status = 'ok' and from_p_bound.se ** 2 > 0 then 'p_bound'
        end as se_source,
        ci_asymmetry(estimate_analysis, ci_low_analysis, ci_high_analysis) as ci_asymmetry
    from recovered
),

with_se as (
    select
        *,
        case se_source
            when 'confidence_interval' then from_interval.se
            when 'standard_error' then se
            when 'upper_limit' then from_upper_limit.se
            when 'p_value' then from_p_value.se
            when 'p_bound' then from_p_bound.se
        end as se_analysis
    from with_source
),

-- 95% limits: the reported ones where they are that, recomputed otherwise.
limited as (
    select
        *,
        se_analysis * se_analysis as vi_analysis,
        se_source = 'confidence_interval' and ci_level = 0.95 as has_own_limits,
        if(has_own_limits, ci_low_analysis, estimate_analysis - {{ z_975() }} * se_analysis)
            as low_analysis,
        if(has_own_limits, ci_high_analysis, estimate_analysis + {{ z_975() }} * se_analysis)
            as high_analysis
    from with_se
),

-- Twice: so that above zero favours the intervention, and as meant, intervention or exposed against
-- control. Adding zero turns a negative zero into zero.
signed as (
    select
        *,
        {%- for sign in ['benefit', 'contrast'] %}
        {{ sign }}_sign * estimate_analysis + 0.0 as yi_{{ sign }},
        {%- for limit, function in [('low', least_of), ('high', greatest_of)] %}
        0.0 + {{ function(
            [sign ~ '_sign * low_analysis', sign ~ '_sign * high_analysis']
        ) }} as ci_{{ limit }}_{{ sign }},
        {%- endfor %}
        {%- endfor %}
    from limited
),

converted as (
    select
        *,
        smd_from_log_odds(yi_benefit, vi_analysis, 'hasselblad_hedges') as smd_hh,
        smd_from_log_odds(yi_benefit, vi_analysis, 'cox') as smd_cox
    from signed
),

reasons as (
    select
        *,
        list_filter(
            list_concat(
                barring_flags,
                list_transform(fault_reasons, lambda fault: 'fault: ' || fault),
                impossible_reasons,
                [
                    if(own_scale is null, 'measure is never pooled: ' || measure, null),
                    if(
                        own_scale = 'mean_difference' and measure_unit is null,
                        'a mean difference without its unit', null
                    ),
                    if(estimate is null, 'no point estimate', null),
                    if(
                        contrast_sign is null
                        or (
                            benefit_sign is null
                            and {{ is_benefit_scale('own_scale', 'review_kind') }}
                        ),
                        'favourable direction is unclear', null
                    ),
                    if(
                        se_analysis is null and p_operator != '=',
                        'only a bound on the P value', null
                    ),
                    case
                        when se_analysis is not null or coalesce(p_operator, '=') != '=' then null
                        when p_value = 0 then 'the P value is printed as 0: only a bound'
                        when p_value <= {{ least_p() }}
                            then 'the P value is printed as the smallest there is: only a bound'
                        else 'no interval, standard error or exact P value'
                    end,
                ]
            ),
            lambda reason: reason is not null
        ) as not_poolable_reasons
    from converted
),

final as (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        effect_id,
        meta_analysis_id,
        row_number,
        condition,
        subtype,
        outcome,
        timepoint,
        follow_up_months,
        if(
            timepoint = 'follow_up',
            {{ band_of('follow_up_months', ref('stg_protocol__months_bands')) }},
            null
        ) as months_band,
        measure,
        measure_family,
        measure_unit,
        estimate,
        ci_low,
        ci_high,
        ci_level,
        se as se_reported,
        p_operator,
        p_value,
        n_comparisons,
        coalesce(n_total, n_intervention + n_control) as n_total,
        i2 as i2_reported,
        comparator,
        comparator_class,
        evidence,
        guidance,
        therapy,
        severity,
        analysis_set,
        delivery,
        restriction,
        favourable_direction,
        synthesis_model,
        scope,
        source_locator,
        flag_list,
        notes,
        adjudicated_fields,
        benefit_sign = -1 as is_sign_reversed,
        contrast_sign = -1 as is_contrast_inverted,
        se_source,
        ci_asymmetry,
        case measure_family
            when 'smd' then if(is_smd_measure, yi_benefit, null)
            when 'ratio' then if(is_smd_measure, smd_hh.yi, null)
        end as yi_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, vi_analysis, null)
            when 'ratio' then if(is_smd_measure, smd_hh.vi, null)
        end as vi_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, yi_benefit, null)
            when 'ratio' then if(is_smd_measure, smd_cox.yi, null)
        end as yi_smd_cox,
        case measure_family
            when 'smd' then if(is_smd_measure, vi_analysis, null)
            when 'ratio' then if(is_smd_measure, smd_cox.vi, null)
        end as vi_smd_cox,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_low_benefit, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio(ci_low_benefit), null)
        end as ci_low_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_high_benefit, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio(ci_high_benefit), null)
        end as ci_high_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_low_benefit, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio_cox(ci_low_benefit), null)
        end as ci_low_smd_cox,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_high_benefit, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio_cox(ci_high_benefit), null)
        end as ci_high_smd_cox,
        own_scale,
        shown_as,
        {{ is_benefit_scale('own_scale', 'review_kind') }} as is_signed_by_benefit,
        yi_contrast as yi_own_scale,
        vi_analysis as vi_own_scale,
        ci_low_contrast as ci_low_own_scale,
        ci_high_contrast as ci_high_own_scale,
        array_to_string(
            list_filter(
                [
                    measure,
                    case
                        when is_as_shown and shown_as = 'exp' then 'natural logarithm'
                        when is_as_shown then 'Fisher''s z'
                    end,
                    case se_source
                        when 'confidence_interval'
                            then 'SE from the ' || printf('%g', 100 * ci_level) || '% interval'
                        when 'standard_error' then 'SE as reported'
                        when 'upper_limit' then 'SE from the estimate and its upper limit'
                        when 'p_value' then 'SE from the two-sided P value'
                        when 'p_bound'
                            then 'SE from P < ' || printf('%g', p_bound) || ', its bound'
                    end,
                    if(
                        measure_family = 'ratio' and is_smd_measure,
                        'SMD by Hasselblad-Hedges (Cox beside it)'
                        || if(benefit_sign = -1, ', its sign reversed', ''), null
                    ),
                    case
                        when own_scale is null or {{ is_benefit_scale('own_scale', 'review_kind') }}
                            then if(benefit_sign = -1, 'sign reversed', null)
                        when contrast_sign = -1 then 'printed the other way round: inverted'
                    end,
                ],
                lambda step: step is not null
            ),
            ' > '
        ) as conversion_path,
        list_filter(
            [
                if(
                    measure_role = 'cohens_d',
                    'a pooled Cohen''s d is taken as Hedges'' g', null
                ),
                if(
                    measure_role = 'smd', 'the SMD variant is not stated; taken as Hedges'' g', null
                ),
                if(
                    se_source = 'confidence_interval',
                    'the interval is a normal one', null
                ),
                if(se_source = 'p_value', 'the P value is two-sided and normal', null),
                if(se_source = 'upper_limit', upper_limit_assumption, null),
                if(se_source = 'p_bound', p_bound_assumption, null),
                if(
                    favourable_direction is null
                    and not {{ is_benefit_scale('own_scale', 'review_kind') }},
                    'taken as meant: the group studied against its comparison', null
                ),
                if(
                    ci_asymmetry > 0.1,
                    'the interval is off centre by '
                    || printf('%.0f', 100 * ci_asymmetry) || '% of its width', null
                ),
            ],
            lambda assumption: assumption is not null
        ) as assumptions,
        not_poolable_reasons,
        len(not_poolable_reasons) = 0 as is_poolable
    from reasons
)
{%- endmacro %}
