"""Functions of proportions (dropout, adherence), single and pooled."""

from python_udfs.catalogue.entry import (
    CI_LEVEL,
    EVENTS,
    MISSING,
    Argument,
    Field,
    Udf,
    assumption,
    doubles,
    number,
    row_status,
    status,
)
from python_udfs.kernels.proportions.assumptions import (
    POOLED_ASSUMPTIONS,
    PROPORTION_ASSUMPTIONS,
)
from python_udfs.kernels.proportions.options import METHOD, POOL_PROPORTIONS_OPTIONS

_LOGIT = doubles("log odds", yi="logit of the proportion") + doubles(
    "log odds squared", vi="its sampling variance"
)

LOGIT_FROM_EVENTS = Udf(
    name="logit_from_events",
    arguments=EVENTS,
    returns=(*_LOGIT, status(*MISSING), assumption(PROPORTION_ASSUMPTIONS)),
    description="Logit of a proportion; 0.5 is added only when events are 0 or all",
    source="Cochrane Handbook 6.5; metafor measure PLO",
    kernel="proportions.single:logit_from_events",
)

LOGIT_FROM_PERCENT_CI = Udf(
    name="logit_from_percent_ci",
    arguments=(
        number("percent", "proportion in percent"),
        number("percent_low", "lower limit in percent"),
        number("percent_high", "upper limit in percent"),
        CI_LEVEL,
    ),
    returns=(
        *_LOGIT,
        status(*MISSING, "interval_reversed", "interval_zero_width", "estimate_outside_interval"),
        assumption(PROPORTION_ASSUMPTIONS),
    ),
    description="Logit of a percentage, its variance from the interval taken to the logit scale",
    source="Cochrane Handbook 6.5, 6.3.1, on the logit scale",
    kernel="proportions.single:logit_from_percent_ci",
)

PROPORTION_CI_EXACT = Udf(
    name="proportion_ci_exact",
    arguments=(*EVENTS, CI_LEVEL),
    returns=(
        *doubles(
            "proportion 0-1",
            estimate="events / total",
            ci_low="lower Clopper-Pearson limit",
            ci_high="upper Clopper-Pearson limit",
        ),
        status(*MISSING),
    ),
    description="Crude proportion with its exact binomial interval",
    source="Clopper & Pearson 1934",
    kernel="proportions.single:proportion_ci_exact",
)

PROPORTION_CI_WILSON = Udf(
    name="proportion_ci_wilson",
    arguments=(*EVENTS, CI_LEVEL),
    returns=(
        *doubles(
            "proportion 0-1",
            estimate="events / total",
            ci_low="lower limit of Wilson's score interval",
            ci_high="upper limit of Wilson's score interval",
        ),
        status(*MISSING),
    ),
    description="Crude proportion with its score interval",
    source="Wilson 1927",
    kernel="proportions.single:proportion_ci_wilson",
)

_POOL_CHOICES = "; ".join(
    f"{option.key} {', '.join(option.names)}"
    for option in POOL_PROPORTIONS_OPTIONS
    if option is not METHOD and hasattr(option, "names")
)

POOL_PROPORTIONS = Udf(
    name="pool_proportions",
    arguments=(
        Argument("events", "DOUBLE[]", "people with the event, one element per study"),
        Argument("totals", "DOUBLE[]", "people observed, positive, in the same order"),
        Argument(
            "options",
            "STRUCT",
            f"method logit, arcsine, freeman_tukey, glmm; {_POOL_CHOICES}; ci_level. Default, also "
            "for NULL: logit, and those of pool; for glmm z, V, and no tau2_method (it is ML)",
            options=POOL_PROPORTIONS_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "studies pooled: pairs without NULL, NaN or infinity"),
        *row_status(
            "no_data",
            "not_converged",
            "zero_cells",
            partial=("single_study", "no_variation", "low_df"),
        ),
        assumption(POOLED_ASSUMPTIONS),
        *doubles(
            "proportion 0-1",
            estimate="pooled proportion, turned back from the scale of the method",
            ci_low="lower confidence limit",
            ci_high="upper confidence limit",
            pi_low="lower prediction limit; NULL for one study, CE, none, and where no df is left",
            pi_high="upper prediction limit",
        ),
        *doubles("scale of the method", scale_estimate="pooled value", se="its standard error"),
        *doubles("count", df="degrees of freedom of the t distribution; NULL for the normal"),
        *doubles("scale of the method squared", tau2="between-study variance"),
        *doubles("1", q="Cochran's Q on the scale of the method; for glmm of the logits"),
        *doubles("count", q_df="k - 1"),
        *doubles("probability", q_p="p of Q against chi-square"),
        *doubles(
            "percent",
            i2_q="I² from Q",
            i2_tau2="I² from τ²; for glmm with the typical variance of the logits",
        ),
        *doubles("log likelihood", log_likelihood="maximum of glmm; NULL for other methods"),
        Field(
            "weights",
            "DOUBLE[]",
            "fraction",
            "weights, sum 1; NULL where a pair was dropped and for glmm, which has none",
        ),
    ),
    description="Meta-analysis of proportions of one group",
    source=(
        "Freeman & Tukey 1950; Miller 1978; Hamza and others 2008; Stijnen and others 2010; "
        "Schwarzer and others 2019"
    ),
    kernel="proportions.pool_proportions:pool_proportions",
)

PROPORTIONS = (
    LOGIT_FROM_EVENTS,
    LOGIT_FROM_PERCENT_CI,
    PROPORTION_CI_EXACT,
    PROPORTION_CI_WILSON,
    POOL_PROPORTIONS,
)
