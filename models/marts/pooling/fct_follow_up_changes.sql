-- Grain: one row per analysis at follow-up with pairs and assumed correlation: follow-up less after
-- treatment within the same meta-analyses, pooled over them as independent ones.
with

fits as (
    select
        * exclude (fit),
        unnest(fit)  -- noqa: AL03
    from {{ ref('int_follow_up_fits') }}
),

correlations as (
    select * from {{ ref('stg_protocol__follow_up_correlations') }}
),

final as (
    select
        fits.analysis_id,
        fits.correlation,
        correlations.label as correlation_label,
        correlations.is_main = 'y' as is_main,
        fits.post_analysis_id,
        fits.policy_id,
        fits.status,
        fits.k,
        fits.estimate,
        fits.se,
        fits.ci_low,
        fits.ci_high,
        fits.p_value,
        fits.tau2,
        fits.i2_q,
        case
            when fits.ci_low > 0 then 'larger'
            when fits.ci_high < 0 then 'smaller'
            when fits.ci_low is not null then 'neither'
        end as at_follow_up
    from fits
    inner join correlations on fits.correlation = correlations.correlation
)

select * from final
order by analysis_id, correlation
