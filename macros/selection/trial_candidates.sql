{% macro trial_candidates() -%}
    select
        analyses.analysis_id,
        analyses.selection_rule,
        'primary_studies' as source_sheet,
        trials.effect_id,
        trials.meta_analysis_id,
        trials.unit_id as cluster_id,
        true as is_main_pool,
        false as is_parallel_pool,
        1 as n_studies,
        trials.n_participants,
        trials.person_time,
        {%- for cox in ['', '_cox'] %}
        trials.yi as yi{{ cox }},
        trials.vi as vi{{ cox }},
        trials.yi - {{ z_975() }} * sqrt(trials.vi) as ci_low{{ cox }},
        trials.yi + {{ z_975() }} * sqrt(trials.vi) as ci_high{{ cox }},
        {%- endfor %}
        list_filter(
            [
                if(
                    meta_analyses.meta_analysis_id is null,
                    'the source is no meta-analysis of the sheets', null
                ),
                if(
                    meta_analyses.eligibility = 'excluded',
                    'meta-analysis excluded: ' || meta_analyses.exclusion_reason, null
                ),
                if(
                    analyses.timepoint is null and trials.timepoint != 'post',
                    'not a post-treatment effect', null
                ),
                if(trials.status != 'ok', trials.status, null),
                if(
                    trials.status = 'ok' and trials.scale != analyses.scale,
                    'not on the scale ' || analyses.scale, null
                ),
                if(
                    analyses.scale = 'mean_difference'
                    and trials.instrument is distinct from analyses.measure_unit,
                    'in another unit: ' || coalesce(trials.instrument, 'not stated'), null
                ),
            ],
            lambda reason: reason is not null
        ) as barring_reasons
    from analyses
    inner join trials on {{ analysis_filter('trials') }}
    left join meta_analyses on trials.meta_analysis_id = meta_analyses.meta_analysis_id
    where analyses.unit = 'trial' and not {{ is_of_rates('analyses.scale') }}
{%- endmacro %}
