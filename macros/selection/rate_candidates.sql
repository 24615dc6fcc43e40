{#- A limit as it is printed, where the interval holds the rate; else a normal one. -#}
{% macro rate_limit(limit, sign) -%}
    if(
        rates.interval_kind = 'ci95'
        and rates.yi_logit between {{ logit_of('rates.percent_low') }}
        and {{ logit_of('rates.percent_high') }},
        {{ logit_of('rates.percent_' ~ limit) }},
        rates.yi_logit {{ sign }} {{ z_975() }} * sqrt(rates.vi_logit)
    )
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
        rates.yi_logit as yi,
        rates.vi_logit as vi,
        rates.yi_logit as yi_cox,
        rates.vi_logit as vi_cox,
        {{ rate_limit('low', '-') }} as ci_low,
        {{ rate_limit('high', '+') }} as ci_high,
        ci_low as ci_low_cox,
        ci_high as ci_high_cox,
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
            {{ analysis_filter('rates') }}
            and (analyses.unit = 'trial') = (rates.source_sheet = 'primary_studies')
    left join meta_analyses on rates.meta_analysis_id = meta_analyses.meta_analysis_id
    where analyses.scale = 'logit'
{%- endmacro %}
