-- Grain: one row per analysis of effects with two members or more that the sheet pool_size_bands
-- has a caution for, by the policy recommended: pooled with a prior on the heterogeneity.
-- The prior is half-normal of scale 0.5 on the log odds ratio, and as much less on the SMD as that
-- is (Röver and others 2021, Res Synth Methods 12:448).
{% set prior_scale_log_odds = 0.5 %}
with

pooled as (
    select pooled.*
    from {{ ref('int_pooled_effects') }} as pooled
    inner join {{ ref('stg_protocol__pool_size_bands') }} as sizes
        on pooled.pool_size = sizes.band
    where
        pooled.policy_id = 'recommended'
        and not {{ is_of_rates('pooled.scale') }}
        and pooled.k > 1
        and sizes.caution is not null
),

inputs as (
    select
        pooled.analysis_id,
        pooled.k,
        inputs.yis,
        inputs.vis,
        pooled.ci_level,
        case
            when pooled.scale = 'smd' then smd_from_log_odds_ratio({{ prior_scale_log_odds }})
            when pooled.shown_as = 'exp' then {{ prior_scale_log_odds }}
        end as prior_scale
    from pooled
    inner join {{ ref('int_pool_inputs') }} as inputs
        on
            pooled.analysis_id = inputs.analysis_id
            and pooled.policy_id = inputs.policy_id
)

select
    * exclude (yis, vis),
    -- No prior is known for scales with a unit of their own.
    if(
        prior_scale is null,
        null,
        pool_bayes(
            yis,
            vis,
            {
                'prior': 'half_normal',
                'scale': coalesce(prior_scale, {{ prior_scale_log_odds }}),
                'ci_level': ci_level
            }
        )
    ) as fit
from inputs
