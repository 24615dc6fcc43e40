"""Functions of proportions: dropout, adherence."""

from python_udfs.catalogue.entry import (
    CI_LEVEL,
    EVENTS,
    MISSING,
    Udf,
    assumption,
    doubles,
    number,
    status,
)
from python_udfs.kernels.conversions.assumptions import PROPORTION_ASSUMPTIONS

_LOGIT = doubles("log odds", yi="logit of the proportion") + doubles(
    "log odds squared", vi="its sampling variance"
)

LOGIT_FROM_EVENTS = Udf(
    name="logit_from_events",
    arguments=EVENTS,
    returns=(*_LOGIT, status(*MISSING), assumption(PROPORTION_ASSUMPTIONS)),
    description="Logit of a proportion; 0.5 is added only when events are 0 or all",
    source="Cochrane Handbook 6.5; metafor measure PLO",
    kernel="conversions.proportions:logit_from_events",
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
    kernel="conversions.proportions:logit_from_percent_ci",
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
    kernel="conversions.proportions:proportion_ci_exact",
)

PROPORTIONS = (
    LOGIT_FROM_EVENTS,
    LOGIT_FROM_PERCENT_CI,
    PROPORTION_CI_EXACT,
)
