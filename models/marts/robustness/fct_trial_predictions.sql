-- Grain: one row per analysis of effects and policy whose prediction interval has k - 1 or k - 2
-- degrees of freedom, where members report I² and their number of trials: how far the true effects
-- of single trials reach, roughly. For equal trials SE2 = (tau2 + s2) / k and I² = tau2 /
-- (tau2 + s2), so that tau2 of a member's trials is I² k SE2. The mean over members is added to the
-- variance within the prediction interval.
with

pooled as (
    select
        *,
        case pi_method when 'V' then k - 1 when 'HTS' then k - 2 end as pi_df,
        (pi_high - pi_low) / 2 as half_width
    from {{ ref('fct_pooled_effects') }}
    where pi_low is not null
),

members as (
    select
        members.analysis_id,
        members.policy_id,
        effects.i2_reported / 100 * members.n_studies * members.vi as trial_tau2
    from {{ ref('fct_analysis_members') }} as members
    inner join {{ ref('int_effects') }} as effects on members.effect_id = effects.effect_id
    where
        members.is_member
        and members.source_sheet = 'reported_effects'
        and members.n_studies > 1
),

spread as (
    select
        analysis_id,
        policy_id,
        count(*) as k_with_i2,
        avg(trial_tau2) as trial_tau2
    from members
    where trial_tau2 is not null
    group by analysis_id, policy_id
),

widened as (
    select
        pooled.analysis_id,
        pooled.policy_id,
        pooled.k,
        spread.k_with_i2,
        pooled.tau2,
        spread.trial_tau2,
        pooled.estimate,
        1 / se_from_ci_t(-1.0, 1.0, pooled.ci_level, cast(pooled.pi_df as double)).se as t,
        sqrt(pooled.half_width ** 2 + t ** 2 * spread.trial_tau2) as trial_half_width
    from pooled
    inner join spread
        on
            pooled.analysis_id = spread.analysis_id
            and pooled.policy_id = spread.policy_id
    where pooled.pi_df >= 1
)

select
    * exclude (t, trial_half_width),
    estimate - trial_half_width as trial_pi_low,
    estimate + trial_half_width as trial_pi_high
from widened
order by analysis_id, policy_id
