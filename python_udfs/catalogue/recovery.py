"""Functions that recover standard errors from what papers print."""

from python_udfs.catalogue.entry import (
    CI_LEVEL,
    MISSING,
    Argument,
    Field,
    Udf,
    assumption,
    doubles,
    number,
    status,
)
from python_udfs.kernels.conversions.assumptions import BOUND_ASSUMPTIONS
from python_udfs.kernels.conversions.options import P_OPERATOR, SCALE

_LIMITS = (
    number("ci_low", "lower limit on the analysis scale"),
    number("ci_high", "upper limit on the analysis scale"),
    CI_LEVEL,
)
_SE_OF_LIMITS = (
    *doubles("unit of the limits", se="standard error"),
    status(*MISSING, "interval_reversed", "interval_zero_width"),
)
_YI = number("yi", "effect on the analysis scale")
_P = number("p_value", "two-sided p, strictly between 0 and 1")
_DF = number("df", "degrees of freedom of the t distribution, 1 or more")
_SE_OF_YI = (
    *doubles("unit of yi", se="standard error"),
    status(*MISSING, "effect_is_zero"),
)

SE_FROM_CI = Udf(
    name="se_from_ci",
    arguments=_LIMITS,
    returns=_SE_OF_LIMITS,
    description="Standard error from a confidence interval: width / (2 z)",
    source="Cochrane Handbook 6.5, 6.3.1",
    kernel="conversions.se_recovery:se_from_ci",
)

SE_FROM_CI_T = Udf(
    name="se_from_ci_t",
    arguments=(*_LIMITS, _DF),
    returns=_SE_OF_LIMITS,
    description="Standard error from a confidence interval built with t: width / (2 t)",
    source="Cochrane Handbook 6.5, 6.5.2.3",
    kernel="conversions.se_recovery:se_from_ci_t",
)

SE_FROM_P = Udf(
    name="se_from_p",
    arguments=(_YI, _P),
    returns=_SE_OF_YI,
    description="Standard error from an effect and its two-sided p: |yi| / z",
    source="Cochrane Handbook 6.5, 6.3.2",
    kernel="conversions.se_recovery:se_from_p",
    same_as="se_bound_from_p(yi, p_value, '=').se_bound",
)

SE_FROM_P_T = Udf(
    name="se_from_p_t",
    arguments=(_YI, _P, _DF),
    returns=_SE_OF_YI,
    description="Standard error from an effect and the two-sided p of its t test: |yi| / t",
    source="Cochrane Handbook 6.5, 6.5.2.3",
    kernel="conversions.se_recovery:se_from_p_t",
)

SE_BOUND_FROM_P = Udf(
    name="se_bound_from_p",
    arguments=(
        _YI,
        number("p_value", "the printed number: 0.001 of p < 0.001"),
        Argument("p_operator", "VARCHAR", "=, <, <=, > or >=", choice=P_OPERATOR),
    ),
    returns=(
        *doubles("unit of yi", se_bound="|yi| / z"),
        Field(
            "bound",
            "VARCHAR",
            "code",
            "exact, upper (the standard error is smaller) or lower (it is larger)",
            ("exact", "upper", "lower"),
        ),
        status(*MISSING, "effect_is_zero"),
        assumption(BOUND_ASSUMPTIONS),
    ),
    description="Bound of the standard error from a p that is printed as a bound",
    source="Cochrane Handbook 6.5, 6.3.2",
    kernel="conversions.se_recovery:se_bound_from_p",
)

ASYMMETRY_INDEX = Udf(
    name="asymmetry_index",
    arguments=(
        number("estimate", "effect as printed"),
        number("ci_low", "lower limit as printed"),
        number("ci_high", "upper limit as printed"),
        Argument("scale", "VARCHAR", "linear, or log for ratios", choice=SCALE),
    ),
    returns=(
        *doubles("fraction 0-1", asymmetry="|(U - y) - (y - L)| / (U - L); 0 is symmetric"),
        status(*MISSING, "interval_reversed", "interval_zero_width", "estimate_outside_interval"),
    ),
    description="How far an interval is from symmetric about its estimate",
    source="metaumbrella and metaConvert, checks of entered intervals",
    kernel="conversions.intervals:asymmetry_index",
)

RECOVERY = (
    SE_FROM_CI,
    SE_FROM_CI_T,
    SE_FROM_P,
    SE_FROM_P_T,
    SE_BOUND_FROM_P,
    ASYMMETRY_INDEX,
)
