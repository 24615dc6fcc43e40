-- What leaves members out, or pools them otherwise, starts from logits and logarithms; what is
-- shown is in percent or per person-time. A single rate keeps what is printed, of which 0 and 100%
-- have no logit.
select
    rates.analysis_id,
    rates.policy_id,
    rates.pooled_rate,
    scaled.estimate
from {{ ref('fct_pooled_rates') }} as rates
inner join {{ ref('int_pooled_effects') }} as scaled
    on rates.analysis_id = scaled.analysis_id and rates.policy_id = scaled.policy_id
where
    rates.k != scaled.k
    or (rates.pooled_rate is null) != (scaled.estimate is null)
    or abs(rates.pooled_rate - {{ shown_value('scaled.estimate', 'scaled.shown_as') }}) > 1e-8
    or (
        rates.k > 1
        and (
            abs(rates.ci_low_rate - {{ shown_value('scaled.ci_low', 'scaled.shown_as') }}) > 1e-8
            or abs(rates.ci_high_rate - {{ shown_value('scaled.ci_high', 'scaled.shown_as') }})
            > 1e-8
        )
    )
