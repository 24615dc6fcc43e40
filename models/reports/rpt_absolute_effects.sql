-- Grain: one row per analysis and way to say its recommended result in people or points.
with

analyses as (
    select
        *,
        {{ sign_of_benefit('declared') }} as sign
    from {{ ref('dim_analyses') }} as declared
),

effects as (
    select
        analyses.*,
        pooled.estimate,
        pooled.ci_low,
        pooled.ci_high,
        {{ display_scale('pooled.estimate', 'analyses.shown_as') }} as shown,
        {{ display_scale('pooled.ci_low', 'analyses.shown_as') }} as shown_low,
        {{ display_scale('pooled.ci_high', 'analyses.shown_as') }} as shown_high
    from analyses
    inner join {{ ref('fct_pooled_effects') }} as pooled
        on analyses.analysis_id = pooled.analysis_id
    where
        pooled.policy_id = 'recommended'
        and pooled.has_verdict
        and pooled.estimate is not null
),

-- Turned so that above zero is good.
smds as (
    select
        *,
        sign * estimate as turned,
        if(sign = 1, ci_low, -ci_high) as turned_low,
        if(sign = 1, ci_high, -ci_low) as turned_high,
        -- To treat, and to respond, are words of interventions.
        above_favours is not null as is_treatment
    from effects
    where scale = 'smd' and sign is not null
),

-- Every risk that is stated for an event is shown, also where no effect can be put to it.
risks as (
    select
        analyses.analysis_id,
        'risk' as way,
        risks.risk_order as way_order,
        risks.label,
        risks.source,
        coalesce(risks.rate_unit, 'per 1000 people') as unit,
        if(risks.rate is null, 1000, 1) as factor,
        factor * coalesce(risks.risk, risks.rate) as assumed,
        absolute_from_effect(
            effects.shown,
            effects.shown_low,
            effects.shown_high,
            coalesce(risks.risk, risks.rate),
            {{ absolute_measure('analyses.scale') }}
        ) as made
    from analyses
    inner join {{ ref('dim_baseline_risks') }} as risks
        on analyses.analysis_id = risks.analysis_id
    left join effects on analyses.analysis_id = effects.analysis_id
    where {{ absolute_measure('analyses.scale') }} is not null
),

-- A number needed has the numbers of the limits of the effect, also where these lie on two sides
-- of no effect (Altman 1998): the upper limit first.
responses as (
    select
        smds.analysis_id,
        'response' as way,
        risks.risk_order as way_order,
        risks.label,
        risks.source,
        'per 1000 people' as unit,
        1000 * risks.risk as assumed,
        risk_difference_from_smd(
            smds.turned, smds.turned_low, smds.turned_high, risks.risk
        ) as made,
        [
            nnt_from_smd(smds.turned, null, null, risks.risk, 'furukawa').estimate,
            nnt_from_smd(smds.turned_high, null, null, risks.risk, 'furukawa').estimate,
            nnt_from_smd(smds.turned_low, null, null, risks.risk, 'furukawa').estimate
        ] as needed
    from smds
    inner join {{ ref('dim_baseline_risks') }} as risks
        on smds.analysis_id = risks.analysis_id
    where smds.is_treatment
),

pairs as (
    select
        analysis_id,
        'pairs' as way,
        1 as way_order,
        [
            nnt_from_smd(turned, null, null, null, 'kraemer_kupfer').estimate,
            nnt_from_smd(turned_high, null, null, null, 'kraemer_kupfer').estimate,
            nnt_from_smd(turned_low, null, null, null, 'kraemer_kupfer').estimate
        ] as needed
    from smds
    where is_treatment
),

points as (
    select
        smds.analysis_id,
        'points' as way,
        row_number() over (
            partition by smds.analysis_id
            order by instruments.sort_order, instruments.instrument_id
        ) as way_order,
        instruments.label,
        instruments.sd,
        instruments.source,
        'points' as unit,
        points_from_smd(
            smds.turned, smds.turned_low, smds.turned_high, instruments.sd, instruments.higher_is
        ) as made
    from smds
    inner join {{ ref('stg_protocol__instruments') }} as instruments
        on
            smds.outcome = instruments.outcome
            and coalesce(
                smds.condition = instruments.condition, instruments.condition is null
            )
),

-- Of one group alone: how common, in people or in person-time.
groups as (
    select
        analyses.analysis_id,
        if(analyses.arm = 'control', 'comparison', 'group') as way,
        1 as way_order,
        if(analyses.shown_as = 'expit', 'per 1000 people', analyses.measure_unit) as unit,
        if(analyses.shown_as = 'expit', 10, 1) as factor,
        pooled.pooled_rate is null as is_range,
        factor * pooled.pooled_rate as corresponding,
        factor * if(is_range, pooled.range_low_rate, pooled.ci_low_rate) as corresponding_low,
        factor * if(is_range, pooled.range_high_rate, pooled.ci_high_rate) as corresponding_high,
        factor * pooled.pi_low_rate as expected_low,
        factor * pooled.pi_high_rate as expected_high
    from analyses
    inner join {{ ref('fct_pooled_rates') }} as pooled
        on analyses.analysis_id = pooled.analysis_id
    where
        pooled.policy_id = 'recommended'
        and coalesce(pooled.pooled_rate, pooled.range_low_rate) is not null
),

said as (
    select
        * exclude (factor, made),
        factor * made.estimate as corresponding,
        factor * made.ci_low as corresponding_low,
        factor * made.ci_high as corresponding_high,
        factor * made.difference as difference,
        factor * made.difference_low as difference_low,
        factor * made.difference_high as difference_high,
        made.status = 'risk_capped' as is_capped
    from risks

    union all by name

    select
        * exclude (made, needed),
        assumed + 1000 * made.estimate as corresponding,
        assumed + 1000 * made.ci_low as corresponding_low,
        assumed + 1000 * made.ci_high as corresponding_high,
        1000 * made.estimate as difference,
        1000 * made.ci_low as difference_low,
        1000 * made.ci_high as difference_high,
        needed[1] as nnt,
        needed[2] as nnt_low,
        needed[3] as nnt_high
    from responses

    union all by name

    select
        * exclude (needed),
        needed[1] as nnt,
        needed[2] as nnt_low,
        needed[3] as nnt_high
    from pairs

    union all by name

    select
        * exclude (made),
        made.estimate as difference,
        made.ci_low as difference_low,
        made.ci_high as difference_high
    from points

    union all by name

    select * exclude (factor) from groups
),

final as (
    select
        said.analysis_id,
        said.way,
        cast(
            row_number() over (
                partition by said.analysis_id
                order by
                    list_position(
                        ['risk', 'response', 'points', 'pairs', 'group', 'comparison'], said.way
                    ),
                    said.way_order
            ) as integer
        ) as row_order,
        said.label,
        said.unit,
        cast(
            case
                when said.unit = 'points' then 1
                when said.unit != 'per 1000 people' then analyses.decimals
                when
                    {{ greatest_known([
                        'said.assumed', 'said.corresponding', 'said.corresponding_high'
                    ]) }} < 10
                    then 1
                else 0
            end as integer
        ) as decimals,
        said.assumed,
        said.corresponding,
        said.corresponding_low,
        said.corresponding_high,
        said.difference,
        said.difference_low,
        said.difference_high,
        said.nnt,
        said.nnt_low,
        said.nnt_high,
        said.sd,
        said.source,
        said.expected_low,
        said.expected_high,
        coalesce(said.is_range, false) as is_range,
        coalesce(said.is_capped, false) as is_capped
    from said
    inner join analyses on said.analysis_id = analyses.analysis_id
)

select * from final
order by analysis_id, row_order
