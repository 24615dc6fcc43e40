-- Grain: one row per analysis and row of a sheet that passes its filters. Admissible rows have
-- nothing against them; at most one of them per meta-analysis (or trial) is eligible; every other
-- keeps its reason. A selection rule then chooses among the eligible ones.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

effects as (
    select * from {{ ref('int_effects') }}
),

rates as (
    select * from {{ ref('int_rates') }}
),

effect_candidates as (
    {{ effect_candidates() }}
),

rate_candidates as (
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
        rates.yi_logit - {{ z_975() }} * sqrt(rates.vi_logit) as ci_low,
        rates.yi_logit + {{ z_975() }} * sqrt(rates.vi_logit) as ci_high,
        rates.yi_logit - {{ z_975() }} * sqrt(rates.vi_logit) as ci_low_cox,
        rates.yi_logit + {{ z_975() }} * sqrt(rates.vi_logit) as ci_high_cox,
        list_filter(
            [
                if(
                    meta_analyses.eligibility = 'excluded',
                    'meta-analysis excluded: ' || meta_analyses.exclusion_reason, null
                ),
                if(not {{ is_of_arm('rates') }}, 'arm: ' || rates.arm, null),
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
),

candidates as (
    select * from effect_candidates
    union all by name
    select * from rate_candidates
    union all by name
    select * from {{ ref('int_trial_candidate_rows') }}
),

-- One row per meta-analysis or trial: main pools first, then most studies, then identifier.
ranked as (
    select
        *,
        len(barring_reasons) = 0 as is_eligible,
        row_number() over choice as choice_rank,
        first_value(effect_id) over choice as chosen_effect_id,
        (
            is_main_pool = first_value(is_main_pool) over choice
            and coalesce(n_studies, 0) = coalesce(first_value(n_studies) over choice, 0)
        ) as ranks_first
    from candidates
    window choice as (
        partition by analysis_id, cluster_id, len(barring_reasons) = 0
        order by {{ one_effect_order() }}
    )
),

tied as (
    select
        *,
        is_eligible
        and ranks_first
        and count_if(is_eligible and ranks_first) over (partition by analysis_id, cluster_id) > 1
            as is_tied
    from ranked
),

condition_counts as (
    select
        meta_analysis_id,
        count(distinct condition) as n_conditions
    from effects
    group by meta_analysis_id
),

-- How many studies stand behind a row. The trials of a meta-analysis say so only when it deals
-- with a single condition.
sized as (
    select
        tied.*,
        meta_analyses.year,
        case
            when tied.n_studies is not null then tied.n_studies
            when condition_counts.n_conditions = 1 then meta_analyses.n_trials
        end as k_for_selection,
        case
            when tied.n_studies is not null then 'comparisons of the effect'
            when condition_counts.n_conditions = 1 and meta_analyses.n_trials is not null
                then 'trials of the meta-analysis'
            else 'unknown'
        end as k_source,
        coalesce(
            tied.n_participants,
            if(condition_counts.n_conditions = 1, meta_analyses.n_participants, null)
        ) as n_for_selection
    from tied
    left join meta_analyses on tied.meta_analysis_id = meta_analyses.meta_analysis_id
    left join condition_counts on tied.meta_analysis_id = condition_counts.meta_analysis_id
),

final as (
    select
        analysis_id,
        selection_rule,
        source_sheet,
        effect_id,
        meta_analysis_id,
        cluster_id,
        is_main_pool,
        is_parallel_pool,
        n_studies,
        n_participants,
        k_for_selection,
        k_source,
        n_for_selection,
        year,
        conversion,
        yi,
        vi,
        yi_cox,
        vi_cox,
        ci_low,
        ci_high,
        ci_low_cox,
        ci_high_cox,
        is_tied,
        is_eligible as is_admissible,
        is_eligible and choice_rank = 1 as is_eligible,
        case
            when not is_eligible then array_to_string(barring_reasons, '; ')
            when choice_rank > 1 and is_parallel_pool
                then 'one of several pools by control: ' || chosen_effect_id || ' goes first'
            when choice_rank > 1
                then
                    'one effect per '
                    || if(source_sheet = 'primary_studies', 'trial', 'meta-analysis')
                    || ': ' || chosen_effect_id || ' goes first'
                    || if(is_tied, ' (a tie, broken by identifier)', '')
        end as exclusion_reason
    from sized
)

select * from final
