"""Functions that recover standard errors from what papers print."""

from python_udfs.catalogue.entry import CI_LEVEL, MISSING, Udf, doubles, number, status

SE_FROM_CI = Udf(
    name="se_from_ci",
    arguments=(
        number("ci_low", "lower limit on the analysis scale"),
        number("ci_high", "upper limit on the analysis scale"),
        CI_LEVEL,
    ),
    returns=(
        *doubles("unit of the limits", se="standard error"),
        status(*MISSING, "interval_reversed", "interval_zero_width"),
    ),
    description="Standard error from a confidence interval: width / (2 z)",
    source="Cochrane Handbook 6.5, 6.3.1",
    kernel="conversions.se_recovery:se_from_ci",
)

SE_FROM_P = Udf(
    name="se_from_p",
    arguments=(
        number("yi", "effect on the analysis scale"),
        number("p_value", "two-sided p, strictly between 0 and 1"),
    ),
    returns=(
        *doubles("unit of yi", se="standard error"),
        status(*MISSING, "effect_is_zero"),
    ),
    description="Standard error from an effect and its two-sided p: |yi| / z",
    source="Cochrane Handbook 6.5, 6.3.2",
    kernel="conversions.se_recovery:se_from_p",
)

RECOVERY = (
    SE_FROM_CI,
    SE_FROM_P,
)
