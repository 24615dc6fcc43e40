-- Grain: one row per reported effect that its own trials do not give, and per trial that would
-- explain it: the one that lies furthest on the side of the difference.
with

typed as (
    select
        'primary_studies' as sheet,
        row_number,
        subtype,
        cast(null as varchar) as restriction
    from {{ ref('stg_extraction__primary_studies') }}
    union all
    select
        'reported_effects' as sheet,
        row_number,
        subtype,
        restriction
    from {{ ref('int_adjudicated_effects') }}
),

numbers as (
    select
        numbers.*,
        concat_ws(
            ' / ', numbers.meta_analysis_id, numbers.condition, typed.subtype, numbers.outcome,
            numbers.timepoint, numbers.scale
        ) as question
    from {{ ref('int_comparable_numbers') }} as numbers
    inner join typed on numbers.sheet = typed.sheet and numbers.row_number = typed.row_number
    where numbers.y is not null and typed.restriction is null
),

trials as (
    select * from numbers
    where sheet = 'primary_studies' and se > 0
),

reported as (
    select * from numbers
    where sheet = 'reported_effects'
),

pooled as (
    select
        question,
        count(*) as k,
        pool(list(y order by row_number), list(se ** 2 order by row_number), {'tau2_method': 'DL'})
            as random_fit,
        pool(
            list(y order by row_number), list(se ** 2 order by row_number), {'tau2_method': 'CE'}
        ) as common_fit
    from trials
    group by question
    having count(*) > 2
),

-- As close as a source may come that weighs or rounds otherwise: a standard error, or 0.05.
apart as (
    select
        reported.*,
        random_fit.estimate as random_estimate,
        common_fit.estimate as common_estimate,
        if(abs(y - random_estimate) < abs(y - common_estimate), random_estimate, common_estimate)
            as implied
    from reported
    inner join pooled on reported.question = pooled.question and reported.k = pooled.k
    where abs(y - implied) > {{ greatest_of(['reported.se', '0.05']) }}
),

suspects as (
    select
        trials.*,
        apart.row_id as effect_id,
        apart.printed as effect_printed
    from apart
    inner join trials on apart.question = trials.question
    where sign(trials.y - apart.y) = sign(apart.implied - apart.y)
    qualify
        row_number() over (
            partition by trials.row_number order by abs(trials.y - apart.y) desc, apart.row_number
        ) = 1
        and row_number() over (
            partition by apart.row_number
            order by abs(trials.y - apart.y) / trials.se desc, trials.row_number
        ) = 1
),

final as (
    select
        sheet,
        row_number,
        row_id,
        'pool_against_its_trials' as rule,
        columns,
        printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the ' || k || ' trials of its table, pooled, do not give it' as why,
        cast(null as varchar) as candidate
    from apart

    union all

    select
        sheet,
        row_number,
        row_id,
        'pool_against_its_trials' as rule,
        columns,
        printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'of the trials that do not give the reported ' || effect_printed || ' the furthest away: '
        || effect_id as why,
        cast(null as varchar) as candidate
    from suspects
)

select * from final
