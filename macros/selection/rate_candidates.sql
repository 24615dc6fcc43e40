{#- Incidence rates are shown for the person-time of the analysis. -#}
{% macro to_unit_of_analysis() -%}
    if(analyses.scale = 'logit', 0, ln({{ person_years('analyses.measure_unit') }}))
{%- endmacro %}


{#- A limit as it is printed, where the interval holds the rate; else a normal one. -#}
{% macro rate_limit(limit, sign) -%}
    coalesce(
        if(rates.yi between rates.ci_low and rates.ci_high, rates.ci_{{ limit }}, null),
        rates.yi {{ sign }} {{ z_975() }} * sqrt(rates.vi)
    ) + {{ to_unit_of_analysis() }}
{%- endmacro %}


{#- NULL for 0 and 100%. -#}
{% macro logit_of(percent) -%}
    ln(nullif({{ percent }}, 0) / nullif(100 - {{ percent }}, 0))
{%- endmacro %}


{% macro rate_candidates(has_every_arm=false) -%}
    select
        analyses.analysis_id,
        analyses.selection_rule,
        rates.source_sheet,
        rates.rate_id as effect_id,
        rates.meta_analysis_id,
        rates.cluster_id,
        true as is_main_pool,
        false as is_parallel_pool,
        rates.n_studies,
        rates.total as n_participants,
        {{ person_time_of('rates', 'analyses') }} as person_time,
        rates.yi + {{ to_unit_of_analysis() }} as yi,
        rates.vi,
        rates.yi + {{ to_unit_of_analysis() }} as yi_cox,
        rates.vi as vi_cox,
        {{ rate_limit('low', '-') }} as ci_low,
        {{ rate_limit('high', '+') }} as ci_high,
        {{ rate_limit('low', '-') }} as ci_low_cox,
        {{ rate_limit('high', '+') }} as ci_high_cox,
        list_filter(
            [
                if(
                    meta_analyses.eligibility = 'excluded',
                    'meta-analysis excluded: ' || meta_analyses.exclusion_reason, null
                ),
                {%- if not has_every_arm %}
                if(not {{ is_of_arm('rates') }}, 'arm: ' || rates.arm, null),
                {%- endif %}
                if(
                    rates.restriction is not null,
                    'restricted row: ' || rates.restriction, null
                ),
                if(
                    not rates.is_poolable, array_to_string(rates.not_poolable_reasons, '; '), null
                ),
            ],
            lambda reason: reason is not null
        ) as barring_reasons
    from analyses
    inner join rates
        on
            analyses.scale = rates.scale
            and {{ analysis_filter('rates') }}
            and (analyses.unit = 'trial') = (rates.source_sheet = 'primary_studies')
    left join meta_analyses on rates.meta_analysis_id = meta_analyses.meta_analysis_id
    where {{ is_of_rates('analyses.scale') }}
{%- endmacro %}


{#- A rate, or an end of its interval, as its analysis shows it. -#}
{% macro rate_shown(end='') -%}
    if(
        rates.scale = 'logit', rates.percent{{ end }},
        rates.rate{{ end }} * {{ person_years('analyses.measure_unit') }} / rates.person_years
    )
{%- endmacro %}
