-- Grain: one row per headline analysis and year in which a member of it was published; rates on the
-- logit scale.
with

pooled as (
    select * from {{ ref('int_pooled_effects') }}
    where policy_id = 'recommended'
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member or is_member_as_reported
),

fits as (
    select
        * exclude (fit),
        fit.status as status,
        fit.k as k,
        fit.estimate as estimate,
        fit.ci_low as ci_low,
        fit.ci_high as ci_high,
        fit.p_value as p_value,
        fit.tau2 as tau2,
        fit.i2_q as i2_q
    from {{ ref('int_cumulative_fits') }}
),

-- A single study has the interval that it reports, as it has in a pool of its own.
reported as (
    select
        fits.analysis_id,
        fits.step,
        members.ci_low,
        members.ci_high
    from fits
    inner join members
        on
            fits.analysis_id = members.analysis_id
            and fits.added_effect_ids = [members.effect_id]
    where fits.status = 'single_study'
),

limited as (
    select
        fits.* replace (
            coalesce(reported.ci_low, fits.ci_low) as ci_low,
            coalesce(reported.ci_high, fits.ci_high) as ci_high,
            if({{ is_of_rates('pooled.scale') }}, null, fits.p_value) as p_value
        ),
        pooled.scale,
        if(pooled.has_verdict, pooled.side, null) as side_with_all,
        {{ has_verdict('fits.k') }} as has_verdict,
        pooled.ci_low as ci_low_of_all,
        pooled.ci_high as ci_high_of_all
    from fits
    inner join pooled on fits.analysis_id = pooled.analysis_id
    left join reported
        on
            fits.analysis_id = reported.analysis_id
            and fits.step = reported.step
),

judged as (
    select
        *,
        if(
            {{ is_of_rates('scale') }} or not has_verdict, null,
            {{ side('ci_low', 'ci_high') }}
        ) as side,
        {{ is_of_rates('scale') }} or has_verdict as is_judged,
        coalesce(
            estimate between ci_low_of_all and ci_high_of_all, false
        ) as is_within_interval_of_all
    from limited
),

final as (
    select
        analysis_id,
        policy_id,
        cast(step as integer) as step,
        cast(year as integer) as year,
        cast(len(added_effect_ids) as integer) as n_added,
        added_effect_ids,
        status,
        k,
        estimate,
        ci_low,
        ci_high,
        p_value,
        tau2,
        i2_q,
        side,
        is_within_interval_of_all,
        if(
            is_judged,
            bool_and(if(is_judged, side is not distinct from side_with_all, null)) over from_here,
            null
        ) as is_side_settled,
        bool_and(is_within_interval_of_all) over from_here as is_estimate_settled
    from judged
    window from_here as (
        partition by analysis_id
        order by step
        rows between current row and unbounded following
    )
)

select * from final
order by analysis_id, step
