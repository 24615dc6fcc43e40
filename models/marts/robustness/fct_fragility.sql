-- Grain: one row per pooled analysis, policy that the charts show, and single decision that would
-- change what is pooled: the result with it, ranked by what it does to the conclusion.
with

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
),

changes as (
    select
        change_id,
        change_kind,
        changed_field,
        reader,
        value_in_force,
        alternative,
        is_left_out,
        effect_id,
        meta_analysis_id
    from {{ ref('int_alternative_readings') }}
),

decisions as (
    select
        fits.analysis_id,
        fits.policy_id,
        changes.*,
        fits.status,
        fits.k,
        fits.estimate,
        fits.ci_low,
        fits.ci_high,
        fits.p_value
    from {{ ref('int_alternative_fits') }} as fits
    inner join changes on fits.change_id = changes.change_id
),

omissions as (
    select
        omissions.analysis_id,
        omissions.policy_id,
        omissions.omitted_effect_id || ':meta_analysis' as change_id,
        'meta_analysis' as change_kind,
        true as is_left_out,
        omissions.omitted_effect_id as effect_id,
        omissions.omitted_meta_analysis_id as meta_analysis_id,
        omissions.status,
        omissions.k,
        omissions.estimate,
        omissions.ci_low,
        omissions.ci_high,
        omissions.p_value
    from {{ ref('fct_leave_one_out') }} as omissions
    semi join decisions
        on
            omissions.analysis_id = decisions.analysis_id
            and omissions.policy_id = decisions.policy_id
),

stacked as (
    select * from decisions
    union all by name
    select * from omissions
),

judged as (
    select
        *,
        {{ side('ci_low', 'ci_high') }} as side,
        {{ band_of('abs(estimate)', ref('stg_protocol__cohen_bands')) }} as band
    from stacked
),

compared as (
    select
        judged.* exclude (band),
        if(pooled.scale = 'smd', judged.band, null) as cohen_band,
        judged.estimate - pooled.estimate as change,
        (sign(judged.estimate) is distinct from sign(pooled.estimate)) as is_side_changed,
        (judged.side is distinct from pooled.side) as is_significance_changed,
        pooled.scale = 'smd' and (judged.band is distinct from pooled.cohen_band)
            as is_band_changed
    from judged
    inner join pooled
        on
            judged.analysis_id = pooled.analysis_id
            and judged.policy_id = pooled.policy_id
),

final as (
    select
        analysis_id || ':' || policy_id || ':' || change_id as fragility_id,
        analysis_id,
        policy_id,
        change_kind,
        changed_field,
        reader,
        value_in_force,
        alternative,
        is_left_out,
        effect_id,
        meta_analysis_id,
        status,
        k,
        estimate,
        ci_low,
        ci_high,
        p_value,
        side,
        cohen_band,
        change,
        is_side_changed,
        is_significance_changed,
        is_band_changed,
        is_side_changed or is_significance_changed or is_band_changed as is_conclusion_changed,
        cast(
            row_number() over (
                partition by analysis_id, policy_id
                order by
                    is_side_changed desc, is_significance_changed desc, is_band_changed desc,
                    abs(change) desc nulls first, change_id
            ) as integer
        ) as fragility_rank
    from compared
)

select * from final
order by analysis_id, policy_id, fragility_rank
