-- Grain: one row per headline analysis, method, meta-analysis and result that a single decision
-- about it would lead to, where that changes the conclusion; decisions with one result share a row.
with

analyses as (
    select
        analysis_id,
        condition as condition_id,
        above_text,
        below_text,
        side_verb,
        shown_as,
        no_effect,
        measure_unit,
        decimals
    from {{ ref('dim_analyses') }}
    where is_headline
),

policies as (
    select
        policy_id,
        label as policy_label,
        sort_order,
        policy_id = 'recommended' as is_recommended
    from {{ ref('dim_policies') }}
),

decisions as (
    select
        fragility.* replace (
            {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
            {{ display_scale('fragility.' ~ value, 'analyses.shown_as') }} as {{ value }}
            {{- "," if not loop.last }}
            {%- endfor %}
        ),
        {{ flag_in_words('fragility.value_in_force') }} as flag_words,
        case
            when fragility.change_kind in ('adjudication', 'correction', 'flag') then 1
            when fragility.change_kind = 'meta_analysis' then 2
            else 3
        end as kind_order
    from {{ ref('fct_fragility') }} as fragility
    inner join analyses on fragility.analysis_id = analyses.analysis_id
    where fragility.is_conclusion_changed
),

worded as (
    select
        *,
        {{ decision_in_words('decisions', 'flag_words') }} as words,
        row_number() over (
            partition by analysis_id, policy_id, meta_analysis_id, k, round(estimate, 9)
            order by kind_order != 2, kind_order, fragility_rank
        ) as place
    from decisions
),

-- Whatever takes a meta-analysis out is first of all its omission, with the limits that it leaves.
grouped as (
    select
        analysis_id,
        policy_id,
        meta_analysis_id,
        k,
        round(estimate, 9) as rounded,
        min(kind_order) filter (place = 1) as kind_order,
        min(fragility_rank) as fragility_rank,
        string_agg(distinct words, ', or ' order by words) filter (
            kind_order = 1
        ) as disputed_words,
        string_agg(distinct words, ', or ' order by words) as words,
        any_value(status) filter (place = 1) as status,
        any_value(estimate) filter (place = 1) as estimate,
        any_value(ci_low) filter (place = 1) as ci_low,
        any_value(ci_high) filter (place = 1) as ci_high,
        any_value(side) filter (place = 1) as side,
        bool_or(is_side_changed) as is_side_changed,
        bool_or(is_significance_changed) as is_significance_changed,
        bool_or(is_band_changed) as is_band_changed
    from worded
    group by analysis_id, policy_id, meta_analysis_id, k, rounded
),

final as (
    select
        grouped.analysis_id,
        analyses.condition_id,
        grouped.policy_id,
        policies.policy_label,
        policies.is_recommended,
        cast(
            row_number() over (
                partition by grouped.analysis_id
                order by
                    policies.is_recommended desc, policies.sort_order,
                    grouped.is_side_changed or grouped.is_significance_changed desc,
                    grouped.kind_order, grouped.fragility_rank
            ) as integer
        ) as row_order,
        grouped.meta_analysis_id,
        meta_analyses.citation_label as label,
        case grouped.kind_order
            when 1 then 'disputed'
            when 2 then 'omission'
            else 'coding'
        end as decision_kind,
        case grouped.kind_order
            when 1 then grouped.disputed_words
            when 2 then concat_ws(', or ', 'left out', grouped.disputed_words)
            else grouped.words
        end as decisions,
        grouped.status,
        grouped.k,
        grouped.estimate,
        grouped.ci_low,
        grouped.ci_high,
        {{ conclusion_ci('grouped', 'analyses') }} as result_text,
        case
            when grouped.side is null then 'no result'
            when not {{ has_verdict('grouped.k') }} then 'too few for a pooled verdict'
            else {{ side_in_words('grouped.side', 'analyses') }}
        end as verdict_text,
        grouped.is_side_changed,
        grouped.is_significance_changed,
        grouped.is_band_changed,
        concat_ws(
            ', ',
            if(grouped.is_side_changed, 'side', null),
            if(grouped.is_significance_changed, 'significance', null),
            if(grouped.is_band_changed, 'Cohen''s band', null)
        ) as changes_text
    from grouped
    inner join analyses on grouped.analysis_id = analyses.analysis_id
    inner join policies on grouped.policy_id = policies.policy_id
    inner join {{ ref('dim_meta_analyses') }} as meta_analyses
        on grouped.meta_analysis_id = meta_analyses.meta_analysis_id
)

select final.* replace ({{ review_words('final.decisions') }} as decisions)
from final
cross join {{ ref('dim_review') }} as review
order by analysis_id, row_order
