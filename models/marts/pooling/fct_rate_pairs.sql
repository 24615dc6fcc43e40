-- Grain: one row per contrast of rates and pair of rates that one meta-analysis, or one row of a
-- trial sheet, reports by one definition: the first group of the contrast against the second.
with

pairs as (
    select * from {{ ref('int_rate_pairs') }}
),

final as (
    select
        contrast_id || ':' || rate_id || ':' || reference_rate_id as pair_id,
        contrast_id,
        analysis_id,
        reference_analysis_id,
        group_label,
        reference_group_label,
        source_sheet,
        meta_analysis_id,
        unit_id,
        condition,
        outcome,
        definition_class,
        rate_id,
        reference_rate_id,
        comparator,
        reference_comparator,
        percent,
        range_low as range_low_percent,
        range_high as range_high_percent,
        reference_percent,
        reference_range_low as reference_range_low_percent,
        reference_range_high as reference_range_high_percent,
        difference_points,
        relative_change_percent,
        exp(yi_log_risk_ratio) as risk_ratio,
        exp(yi_log_risk_ratio - {{ z_975() }} * sqrt(vi_log_risk_ratio)) as risk_ratio_ci_low,
        exp(yi_log_risk_ratio + {{ z_975() }} * sqrt(vi_log_risk_ratio)) as risk_ratio_ci_high,
        nullif(concat_ws('; ', flags, reference_flags), '') as flags
    from pairs
)

select * from final
order by contrast_id, pair_id
