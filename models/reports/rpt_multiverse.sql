-- Grain: one row per drawn specification of a specification curve.
-- Of all specifications sorted by estimate, about a hundred at even steps are drawn, with both
-- ends and the prespecified one; the counts are those of all.
{% set steps = 119 %}
with

figures as (
    select
        figures.figure_id,
        blocks.analysis_id
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    where figures.figure_kind = 'multiverse'
),

analyses as (
    select * from {{ ref('fct_multiverse_summary') }}
),

ranked as (
    select
        figures.figure_id,
        analyses.analysis_label,
        described.shown_as,
        analyses.n_specifications,
        analyses.n_member_sets,
        analyses.strongest_choice,
        analyses.n_results,
        analyses.n_results_above,
        analyses.n_results_below,
        analyses.n_results_within_interval,
        specifications.*,
        row_number() over curve as curve_rank,
        count(*) over whole as n_with_estimate,
        median(specifications.estimate) over whole as estimate_median,
        max(specifications.k) filter (specifications.is_prespecified) over whole as prespecified_k
    from figures
    inner join analyses on figures.analysis_id = analyses.analysis_id
    inner join {{ ref('dim_analyses') }} as described
        on figures.analysis_id = described.analysis_id
    inner join {{ ref('fct_multiverse') }} as specifications
        on figures.analysis_id = specifications.analysis_id
    where specifications.estimate is not null
    window
        whole as (partition by figures.figure_id),
        curve as (
            partition by figures.figure_id
            order by
                specifications.estimate,
                specifications.ci_low,
                specifications.ci_high,
                specifications.specification_id
        )
),

thinned as (
    select * from ranked
    where
        prespecified_k > 1
        and (
            is_prespecified
            or curve_rank = 1
            or n_with_estimate <= {{ steps }} + 1
            or (curve_rank - 1) * {{ steps }} // (n_with_estimate - 1)
            > (curve_rank - 2) * {{ steps }} // (n_with_estimate - 1)
        )
),

final as (
    select
        figure_id,
        cast(row_number() over (partition by figure_id order by curve_rank) as integer)
            as position,
        specification_id,
        analysis_id,
        analysis_label,
        cast(curve_rank as integer) as curve_rank,
        cast(n_with_estimate as integer) as n_with_estimate,
        cast(n_specifications as integer) as n_specifications,
        cast(n_member_sets as integer) as n_member_sets,
        cast(n_results as integer) as n_results,
        cast(n_results_above as integer) as n_results_above,
        cast(n_results_below as integer) as n_results_below,
        cast(n_results_within_interval as integer) as n_results_within_interval,
        {{ has_verdict('prespecified_k') }} as has_verdict,
        strongest_choice,
        {{ shown_value('estimate_median', 'shown_as') }} as estimate_median,
        is_prespecified,
        k,
        {{ shown_value('estimate', 'shown_as') }} as estimate,
        {{ shown_value('ci_low', 'shown_as') }} as ci_low,
        {{ shown_value('ci_high', 'shown_as') }} as ci_high,
        p_value,
        side,
        selection_rule,
        one_effect_rule,
        exclusion,
        converted_effects,
        or_to_smd_rule,
        overlap_handling,
        tau2_method,
        ci_method
    from thinned
)

select * from final
