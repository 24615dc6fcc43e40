-- Grain: one row per analysis and row of a sheet that passes its filters. Admissible rows have
-- nothing against them; at most one of them per meta-analysis (or trial) is eligible; every other
-- keeps its reason. A selection rule then chooses among the eligible ones. All this a second time
-- for policies that pool effects as reported only: without those that a conversion brings here.
{% set ways = [('', 'true'), ('_as_reported', 'conversion is null')] %}
with

analyses as (
    select
        *,
        {{ converting_risk() }} as baseline_risk
    from {{ ref('stg_protocol__analyses') }} as analyses
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
    {{ rate_candidates() }}
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
        bool_or(len(barring_reasons) = 0 and conversion is not null) over (
            partition by analysis_id
        ) as has_converted,
        row_number() over choice as choice_rank,
        first_value(effect_id) over choice as chosen_effect_id,
        row_number() over choice_as_reported as choice_rank_as_reported,
        first_value(effect_id) over choice_as_reported as chosen_effect_id_as_reported,
        (
            is_main_pool = first_value(is_main_pool) over choice
            and coalesce(n_studies, 0) = coalesce(first_value(n_studies) over choice, 0)
        ) as ranks_first
    from candidates
    window
        choice as (
            partition by analysis_id, cluster_id, len(barring_reasons) = 0
            order by {{ one_effect_order() }}
        ),
        choice_as_reported as (
            partition by analysis_id, cluster_id, len(barring_reasons) = 0, conversion is null
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

{{ selection_sizes('tied') }},

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
        person_time,
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
        {%- for suffix, enters in ways %}
        is_eligible and {{ enters }} and choice_rank{{ suffix }} = 1 as is_eligible{{ suffix }},
        case
            when not is_eligible then array_to_string(barring_reasons, '; ')
            when not ({{ enters }}) then 'converted from another scale'
            when choice_rank{{ suffix }} > 1 and is_parallel_pool
                then
                    'one of several pools by control: ' || chosen_effect_id{{ suffix }}
                    || ' goes first'
            when choice_rank{{ suffix }} > 1
                then
                    'one effect per '
                    || if(source_sheet = 'primary_studies', 'trial', 'meta-analysis')
                    || ': ' || chosen_effect_id{{ suffix }} || ' goes first'
                    || if(is_tied, ' (a tie, broken by identifier)', '')
        end as exclusion_reason{{ suffix }},
        {%- endfor %}
        is_eligible as is_admissible,
        has_converted
    from sized
)

select * from final
