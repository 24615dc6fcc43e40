{#- Odds ratios and standardised mean differences of interventions, signed by what is good, are
    converted in converted_effects. -#}
{% macro conversions() %}
    {%- set own = 'effects.yi_own_scale, effects.vi_own_scale' -%}
    {%- set limits = 'exp(effects.yi_own_scale), exp(effects.ci_low_own_scale), '
        ~ 'exp(effects.ci_high_own_scale), analyses.baseline_risk, 0.95' -%}
    {{ return([
        ('log_odds_ratio', 'smd', "smd_from_log_odds(" ~ own ~ ", 'hasselblad_hedges')"),
        ('smd', 'log_odds_ratio', "log_odds_from_smd(" ~ own ~ ", 'hasselblad_hedges')"),
        ('log_odds_ratio', 'log_risk_ratio', 'rr_from_or(' ~ limits ~ ')'),
        ('log_risk_ratio', 'log_odds_ratio', 'or_from_rr(' ~ limits ~ ')'),
    ]) }}
{% endmacro %}


{% macro is_switched_on(switches) -%}
    (
        ({{ switches }}.used = 'always' and coalesce(analyses.conversions, '') != 'none')
        or ({{ switches }}.used = 'declared' and analyses.conversions = 'declared')
    )
{%- endmacro %}


{% macro effect_candidates(keys=[]) -%}
    {%- set is_benefit = is_benefit_scale(
        'analyses.scale', 'coalesce(analyses.review_kind, review.review_kind)'
    ) -%}
    {%- set times = times_of_amounts('analyses.measure_unit', 'effects.measure_unit') -%}
    select
        * exclude (converted, scale, is_on_a_scale, times)
        replace (
            if(coalesce(yi, converted.yi) is null, null, conversion) as conversion,
            coalesce(yi, converted.yi) as yi,
            coalesce(vi, converted.vi) as vi,
            coalesce(yi_cox, converted.yi) as yi_cox,
            coalesce(vi_cox, converted.vi) as vi_cox,
            {%- for suffix in ['', '_cox'] %}
            coalesce(ci_low{{ suffix }}, converted.yi - {{ z_975() }} * sqrt(converted.vi))
                as ci_low{{ suffix }},
            coalesce(ci_high{{ suffix }}, converted.yi + {{ z_975() }} * sqrt(converted.vi))
                as ci_high{{ suffix }},
            {%- endfor %}
            list_filter(
                list_append(
                    barring_reasons,
                    if(
                        is_on_a_scale and yi is null and converted.yi is null,
                        'not on the scale ' || scale || ', nor converted to it', null
                    )
                ),
                lambda reason: reason is not null
            ) as barring_reasons
        )
    from (
        select
            analyses.analysis_id,
            analyses.selection_rule,
            {%- for key in keys %}
            effects.{{ key }},
            {%- endfor %}
            'reported_effects' as source_sheet,
            effects.effect_id,
            effects.meta_analysis_id,
            effects.meta_analysis_id as cluster_id,
            effects.scope = 'overall' as is_main_pool,
            analyses.required_scope = 'overall' and effects.scope = 'parallel' as is_parallel_pool,
            effects.n_comparisons as n_studies,
            effects.n_total as n_participants,
            {{ times }} as times,
            {%- for value in ['yi', 'vi', 'ci_low', 'ci_high'] %}
            {%- for suffix in ['', '_cox'] %}
            case
                when not {{ is_benefit }}
                    then
                        if(
                            effects.own_scale = analyses.scale,
                            effects.{{ value }}_own_scale
                            * if(
                                rescaling.conversion is null,
                                1,
                                times{{ ' ** 2' if value == 'vi' }}
                            ),
                            null
                        )
                when effects.own_scale = 'smd' or switches.conversion is not null
                    then effects.{{ value }}_smd{{ suffix }}
            end as {{ value }}{{ suffix }},
            {%- endfor %}
            {%- endfor %}
            case
                when {{ is_benefit }} or switches.conversion is null then null
                {%- for from, to, converted in conversions() %}
                when effects.own_scale = '{{ from }}' and analyses.scale = '{{ to }}'
                    then {'yi': {{ converted }}.yi, 'vi': {{ converted }}.vi}
                {%- endfor %}
            end as converted,
            coalesce(switches.conversion, rescaling.conversion) as conversion,
            analyses.scale,
            effects.is_poolable as is_on_a_scale,
            list_filter(
                [
                    if(
                        meta_analyses.eligibility = 'excluded',
                        'meta-analysis excluded: ' || meta_analyses.exclusion_reason, null
                    ),
                    if(
                        analyses.timepoint is null and effects.timepoint != 'post',
                        'not a post-treatment effect', null
                    ),
                    if(
                        effects.restriction is not null,
                        'restricted row: ' || effects.restriction, null
                    ),
                    if(
                        analyses.required_scope = 'overall' and effects.scope = 'subgroup',
                        'not the main pool of its meta-analysis', null
                    ),
                    if(
                        not list_contains(
                            {{ codes_in("coalesce(analyses.network_evidence, '')") }},
                            effects.evidence
                        ),
                        {{ network_reason('effects.evidence') }}, null
                    ),
                    if(
                        not effects.is_poolable,
                        array_to_string(effects.not_poolable_reasons, '; '), null
                    ),
                    if(
                        rescaling.conversion is null
                        and analyses.measure_unit != effects.measure_unit
                        -- A ratio per unit of an exposure is no ratio of two groups.
                        or (
                            rescaling.conversion is null
                            and effects.measure_family = 'ratio'
                            and effects.measure_unit is distinct from analyses.measure_unit
                        ),
                        'in another unit: ' || coalesce(effects.measure_unit, 'none')
                        || if(
                            amounts.conversion is not null,
                            ', which converts only where conversions of the analysis are declared',
                            ''
                        ),
                        null
                    ),
                ],
                lambda reason: reason is not null
            ) as barring_reasons
        from analyses
        cross join {{ ref('int_review') }} as review
        inner join effects
            on {{ analysis_filter('effects') }}
        inner join meta_analyses on effects.meta_analysis_id = meta_analyses.meta_analysis_id
        left join {{ ref('stg_protocol__conversions') }} as switches
            on
                effects.own_scale = switches.from_scale
                and analyses.scale = switches.to_scale
                and {{ is_switched_on('switches') }}
        -- The same ratio for another amount of the exposure.
        left join {{ ref('stg_protocol__conversions') }} as amounts
            on
                amounts.role = 'between_amounts'
                and amounts.used != 'never'
                and effects.measure_family = 'ratio'
                and effects.own_scale = analyses.scale
                and effects.measure_unit != analyses.measure_unit
                and {{ times }} is not null
        left join {{ ref('stg_protocol__conversions') }} as rescaling
            on amounts.conversion = rescaling.conversion and {{ is_switched_on('rescaling') }}
        where analyses.unit = 'meta_analysis' and not {{ is_of_rates('analyses.scale') }}
    )
{%- endmacro %}


{% macro one_effect_order() -%}
    is_main_pool desc, n_studies desc nulls last, conversion is not null, effect_id
{%- endmacro %}
