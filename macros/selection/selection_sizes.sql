{#- The trials of a meta-analysis say how many studies stand behind a row only when it deals with a
    single condition. -#}
{% macro selection_sizes(candidates) %}
condition_counts as (
    select
        meta_analysis_id,
        count(distinct condition) as n_conditions
    from effects
    group by meta_analysis_id
),

sized as (
    select
        {{ candidates }}.*,
        meta_analyses.year,
        case
            when {{ candidates }}.n_studies is not null then {{ candidates }}.n_studies
            when condition_counts.n_conditions = 1 then meta_analyses.n_trials
        end as k_for_selection,
        case
            when {{ candidates }}.n_studies is not null then 'comparisons of the effect'
            when condition_counts.n_conditions = 1 and meta_analyses.n_trials is not null
                then 'trials of the meta-analysis'
            else 'unknown'
        end as k_source,
        coalesce(
            {{ candidates }}.n_participants,
            if(condition_counts.n_conditions = 1, meta_analyses.n_participants, null)
        ) as n_for_selection
    from {{ candidates }}
    left join meta_analyses on {{ candidates }}.meta_analysis_id = meta_analyses.meta_analysis_id
    left join condition_counts on {{ candidates }}.meta_analysis_id = condition_counts.meta_analysis_id
)
{%- endmacro %}
