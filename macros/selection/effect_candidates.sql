{% macro effect_candidates(keys=[]) -%}
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
        if(analyses.scale = 'smd', effects.yi_smd, effects.yi_log_ratio) as yi,
        if(analyses.scale = 'smd', effects.vi_smd, effects.vi_log_ratio) as vi,
        if(analyses.scale = 'smd', effects.yi_smd_cox, effects.yi_log_ratio) as yi_cox,
        if(analyses.scale = 'smd', effects.vi_smd_cox, effects.vi_log_ratio) as vi_cox,
        if(analyses.scale = 'smd', effects.ci_low_smd, effects.ci_low_log_ratio) as ci_low,
        if(analyses.scale = 'smd', effects.ci_high_smd, effects.ci_high_log_ratio) as ci_high,
        if(analyses.scale = 'smd', effects.ci_low_smd_cox, effects.ci_low_log_ratio)
            as ci_low_cox,
        if(analyses.scale = 'smd', effects.ci_high_smd_cox, effects.ci_high_log_ratio)
            as ci_high_cox,
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
                        {{ codes_in("coalesce(analyses.network_evidence, '')") }}, effects.evidence
                    ),
                    {{ network_reason('effects.evidence') }}, null
                ),
                if(
                    not effects.is_poolable,
                    array_to_string(effects.not_poolable_reasons, '; '), null
                ),
                if(
                    effects.is_poolable and analyses.scale = 'smd' and effects.yi_smd is null,
                    'no conversion to a standardised mean difference', null
                ),
                if(
                    analyses.scale != 'smd' and effects.ratio_scale is distinct from analyses.scale,
                    'not on the scale ' || analyses.scale, null
                ),
            ],
            lambda reason: reason is not null
        ) as barring_reasons
    from analyses
    inner join effects
        on {{ analysis_filter('effects') }}
    inner join meta_analyses on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    where analyses.unit = 'meta_analysis' and analyses.scale != 'logit'
{%- endmacro %}


{% macro one_effect_order() -%}
    is_main_pool desc, n_studies desc nulls last, effect_id
{%- endmacro %}
