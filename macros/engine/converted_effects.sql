{% macro converted_effects(effects, keys=[]) %}
effects as (
    select * from {{ effects }}
),

measures as (
    select * from {{ ref('stg_vocabulary__measures') }}
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

described as (
    select
        effects.*,
        measures.family as measure_family,
        measures.log_scale = 'n' and measures.family = 'ratio' as is_plain_ratio,
        measures.converts_to_smd = 'y' as is_smd_measure,
        measures.role as measure_role,
        if(
            measures.family = 'ratio',
            'log_' || replace(coalesce(measures.role, effects.measure), 'log_', ''),
            null
        ) as ratio_scale,
        {{ comparator_class_of('effects.comparator', 'comparators') }} as comparator_class,
        meta_analyses.delivery,
        coalesce(faults.fault_reasons, cast([] as varchar[])) as fault_reasons,
        case
            when effects.flags is null then cast([] as varchar[])
            else list_transform(string_split(effects.flags, ';'), lambda flag: trim(flag))
        end as flag_list,
        case
            when effects.favourable_direction in ('positive', 'above_one') then 1
            when effects.favourable_direction in ('negative', 'below_one') then -1
        end as direction_sign
    from effects
    left join measures on effects.measure = measures.code
    left join meta_analyses on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    left join faults on effects.row_number = faults.row_number
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
        se_from_p(estimate_analysis, if(p_operator = '=', p_value, null)) as from_p_value
    from on_analysis_scale
),

with_source as (
    select
        *,
        case
            when from_interval.status = 'ok' and from_interval.se ** 2 > 0
                then 'confidence_interval'
            when se ** 2 > 0 then 'standard_error'
            when from_p_value.status = 'ok' and from_p_value.se ** 2 > 0 then 'p_value'
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
            when 'p_value' then from_p_value.se
        end as se_analysis
    from with_source
),

-- 95% limits: the reported ones where they are that, recomputed otherwise.
signed as (
    select
        *,
        se_analysis * se_analysis as vi_analysis,
        -- Adding zero turns a negative zero into zero.
        direction_sign * estimate_analysis + 0.0 as yi_analysis,
        case
            when se_source = 'confidence_interval' and ci_level = 0.95
                then
                    0.0
                    + {{ least_of(
                        ['direction_sign * ci_low_analysis', 'direction_sign * ci_high_analysis']
                    ) }}
            else direction_sign * estimate_analysis - {{ z_975() }} * se_analysis
        end as ci_low_signed,
        case
            when se_source = 'confidence_interval' and ci_level = 0.95
                then
                    0.0
                    + {{ greatest_of(
                        ['direction_sign * ci_low_analysis', 'direction_sign * ci_high_analysis']
                    ) }}
            else direction_sign * estimate_analysis + {{ z_975() }} * se_analysis
        end as ci_high_signed
    from with_se
),

converted as (
    select
        *,
        smd_from_log_odds(yi_analysis, vi_analysis, 'hasselblad_hedges') as smd_hh,
        smd_from_log_odds(yi_analysis, vi_analysis, 'cox') as smd_cox
    from signed
),

reasons as (
    select
        *,
        list_filter(
            list_concat(
                barring_flags,
                list_transform(fault_reasons, lambda fault: 'fault: ' || fault),
                [
                    if(
                        measure_family not in ('smd', 'ratio')
                        or (measure_family = 'smd' and not is_smd_measure),
                        'measure is never pooled: ' || measure, null
                    ),
                    if(estimate is null, 'no point estimate', null),
                    if(
                        direction_sign is null,
                        'favourable direction is unclear', null
                    ),
                    if(
                        se_analysis is null and p_operator != '=',
                        'only a bound on the p-value', null
                    ),
                    if(
                        se_analysis is null and (p_operator is null or p_operator = '='),
                        'no interval, standard error or exact p-value', null
                    ),
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
        direction_sign = -1 as is_sign_reversed,
        se_source,
        ci_asymmetry,
        case measure_family
            when 'smd' then if(is_smd_measure, yi_analysis, null)
            when 'ratio' then if(is_smd_measure, smd_hh.yi, null)
        end as yi_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, vi_analysis, null)
            when 'ratio' then if(is_smd_measure, smd_hh.vi, null)
        end as vi_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, yi_analysis, null)
            when 'ratio' then if(is_smd_measure, smd_cox.yi, null)
        end as yi_smd_cox,
        case measure_family
            when 'smd' then if(is_smd_measure, vi_analysis, null)
            when 'ratio' then if(is_smd_measure, smd_cox.vi, null)
        end as vi_smd_cox,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_low_signed, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio(ci_low_signed), null)
        end as ci_low_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_high_signed, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio(ci_high_signed), null)
        end as ci_high_smd,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_low_signed, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio_cox(ci_low_signed), null)
        end as ci_low_smd_cox,
        case measure_family
            when 'smd' then if(is_smd_measure, ci_high_signed, null)
            when 'ratio'
                then if(is_smd_measure, smd_from_log_odds_ratio_cox(ci_high_signed), null)
        end as ci_high_smd_cox,
        ratio_scale,
        if(measure_family = 'ratio', yi_analysis, null) as yi_log_ratio,
        if(measure_family = 'ratio', vi_analysis, null) as vi_log_ratio,
        if(measure_family = 'ratio', ci_low_signed, null) as ci_low_log_ratio,
        if(measure_family = 'ratio', ci_high_signed, null) as ci_high_log_ratio,
        array_to_string(
            list_filter(
                [
                    measure,
                    if(is_plain_ratio, 'natural logarithm', null),
                    case se_source
                        when 'confidence_interval'
                            then 'SE from the ' || printf('%g', 100 * ci_level) || '% interval'
                        when 'standard_error' then 'SE as reported'
                        when 'p_value' then 'SE from the two-sided p-value'
                    end,
                    if(
                        measure_family = 'ratio' and is_smd_measure,
                        'SMD by Hasselblad-Hedges (Cox beside it)', null
                    ),
                    if(direction_sign = -1, 'sign reversed', null),
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
                if(se_source = 'p_value', 'the p-value is two-sided and normal', null),
                if(measure_family = 'ratio' and is_smd_measure, smd_hh.assumption, null),
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
