-- Grain: one row per trial comparison with a continuous outcome: its Hedges' g, signed so that
-- above zero favours the intervention. Kept for comparison with the pools; never pooled itself.
with

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
    where
        outcome = 'symptom'
        or mean_intervention is not null
        or reported_g is not null
),

signed as (
    select
        *,
        case
            when favourable_direction = 'positive' then 1
            when favourable_direction = 'negative' then -1
        end as direction_sign
    from trials
),

converted as (
    select
        *,
        smd_from_means(
            mean_intervention, sd_intervention, n_intervention,
            mean_control, sd_control, n_control, 'LS'
        ) as from_means
    from signed
),

-- The direction is that of the printed g where there is one; means may be printed the other way.
aligned as (
    select
        *,
        if(
            reported_g is not null
            and from_means.status = 'ok'
            and abs(from_means.yi + reported_g) < abs(from_means.yi - reported_g),
            -1,
            1
        ) as means_sign
    from converted
),

final as (
    select
        comparison_id,
        row_number,
        source as meta_analysis_id,
        dataset,
        study,
        year,
        condition,
        outcome,
        comparator,
        guidance,
        locator,
        case
            when from_means.status = 'ok' then 'means and standard deviations > Hedges'' g, exact J'
            when reported_g is not null and reported_se > 0 then 'g and SE as reported'
        end
        || if(means_sign = -1, ' > sign as that of the printed g', '')
        || if(direction_sign = -1, ' > sign reversed', '') as conversion_path,
        direction_sign * if(
            from_means.status = 'ok',
            means_sign * from_means.yi,
            if(reported_se > 0, reported_g, null)
        ) + 0.0 as yi_smd,
        case
            when direction_sign is null then null
            when from_means.status = 'ok' then from_means.vi
            when reported_g is not null and reported_se > 0 then reported_se ** 2
        end as vi_smd,
        case
            when from_means.status != 'ok' and (reported_g is null or coalesce(reported_se, 0) = 0)
                then
                    'neither means, standard deviations and numbers of both arms, nor g with its '
                    || 'standard error'
            when direction_sign is null then 'favourable direction is unclear'
            else 'ok'
        end as status
    from aligned
)

select * from final
