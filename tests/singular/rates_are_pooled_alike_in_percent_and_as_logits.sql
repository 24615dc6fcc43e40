-- What leaves members out, or pools them otherwise, starts from logits; what is shown is in
-- percent. A single rate keeps what is printed, of which 0 and 100% have no logit.
select
    rates.analysis_id,
    rates.policy_id,
    rates.pooled_percent,
    logits.estimate
from {{ ref('fct_pooled_rates') }} as rates
inner join {{ ref('int_pooled_effects') }} as logits
    on rates.analysis_id = logits.analysis_id and rates.policy_id = logits.policy_id
where
    rates.k != logits.k
    or (rates.pooled_percent is null) != (logits.estimate is null)
    or abs(rates.pooled_percent - {{ shown_value('logits.estimate', "'expit'") }}) > 1e-8
    or (
        rates.k > 1
        and (
            abs(rates.ci_low_percent - {{ shown_value('logits.ci_low', "'expit'") }}) > 1e-8
            or abs(rates.ci_high_percent - {{ shown_value('logits.ci_high', "'expit'") }}) > 1e-8
        )
    )
