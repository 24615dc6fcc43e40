"""Functions that find means and standard deviations where papers print something else."""

from python_udfs.catalogue.conversion_parts import SIZES
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
from python_udfs.kernels.conversions.assumptions import MEDIAN_ASSUMPTIONS, RANGE_ASSUMPTIONS
from python_udfs.kernels.conversions.options import MEDIAN_OPTIONS

_UNIT = "unit of the outcome"
_N = number("n", "people")
_WIDTH = (*MISSING, "interval_reversed", "interval_zero_width")
_SE = number("se", "standard error, positive")


def _sd(*reasons):
    return (*doubles(_UNIT, sd="standard deviation"), status(*(reasons or MISSING)))


SD_FROM_SE = Udf(
    name="sd_from_se",
    arguments=(_SE, _N),
    returns=_sd(),
    description="Standard deviation from the standard error of a mean: se sqrt(n)",
    source="Cochrane Handbook 6.5, 6.5.2.2",
    kernel="conversions.spread:sd_from_se",
)

SE_FROM_SD = Udf(
    name="se_from_sd",
    arguments=(number("sd", "standard deviation, positive"), _N),
    returns=(*doubles(_UNIT, se="standard error of the mean"), status(*MISSING)),
    description="Standard error of a mean from its standard deviation: sd / sqrt(n)",
    source="Cochrane Handbook 6.5, 6.5.2.2",
    kernel="conversions.spread:se_from_sd",
)

SD_FROM_MEAN_CI = Udf(
    name="sd_from_mean_ci",
    arguments=(
        number("ci_low", "lower limit of the mean"),
        number("ci_high", "upper limit of the mean"),
        number("n", "people, 2 or more"),
        CI_LEVEL,
    ),
    returns=_sd(*_WIDTH),
    description="Standard deviation from the t interval of one group's mean",
    source="Cochrane Handbook 6.5, 6.5.2.2",
    kernel="conversions.spread:sd_from_mean_ci",
)

SD_FROM_MD_SE = Udf(
    name="sd_from_md_se",
    arguments=(number("se", "standard error of the difference, positive"), *SIZES),
    returns=_sd(),
    description="Pooled standard deviation from the standard error of a mean difference",
    source="Cochrane Handbook 6.5, 6.5.2.3",
    kernel="conversions.spread:sd_from_md_se",
)

_Q1, _Q3 = number("q1", "lower quartile"), number("q3", "upper quartile")
_MINIMUM, _MAXIMUM = number("minimum", "smallest value"), number("maximum", "largest value")
_MEDIAN, _N5 = number("median", "median"), number("n", "people, 5 or more")

SD_FROM_IQR = Udf(
    name="sd_from_iqr",
    arguments=(_Q1, _Q3, _N),
    returns=(*_sd(*_WIDTH), assumption(RANGE_ASSUMPTIONS)),
    description="Standard deviation from the quartiles, for the size of the sample",
    source="Wan and others 2014, eq. 16",
    kernel="conversions.spread:sd_from_iqr",
)

SD_FROM_RANGE = Udf(
    name="sd_from_range",
    arguments=(_MINIMUM, _MAXIMUM, _N),
    returns=(*_sd(*_WIDTH), assumption(RANGE_ASSUMPTIONS)),
    description="Standard deviation from the range, for the size of the sample",
    source="Wan and others 2014, eq. 9",
    kernel="conversions.spread:sd_from_range",
)

SD_OF_CHANGE = Udf(
    name="sd_of_change",
    arguments=(
        number("sd_pre", "standard deviation before, positive"),
        number("sd_post", "standard deviation after, positive"),
        number("r", "correlation of before and after"),
    ),
    returns=_sd(),
    description="Standard deviation of change from those before and after",
    source="Cochrane Handbook 6.5, 6.5.2.8",
    kernel="conversions.pre_post:sd_of_change",
)

R_PRE_POST = Udf(
    name="r_pre_post",
    arguments=(
        number("sd_pre", "standard deviation before, positive"),
        number("sd_post", "standard deviation after, positive"),
        number("sd_change", "standard deviation of change"),
    ),
    returns=(*doubles("correlation", r="correlation of before and after"), status(*MISSING)),
    description="Correlation of before and after from three standard deviations",
    source="Cochrane Handbook 6.5, 6.5.2.8",
    kernel="conversions.pre_post:r_pre_post",
)

_METHOD = Argument(
    "options",
    "STRUCT",
    "method luo_shi (means Luo 2018, SDs Wan 2014 and Shi 2020) or wan (Wan 2014); default luo_shi",
    options=MEDIAN_OPTIONS,
    is_optional=True,
)

_MEAN_SD = (
    *doubles(_UNIT, mean="estimated mean", sd="estimated standard deviation"),
    *doubles(
        "1",
        skewness="statistic of the skewness test",
        skewness_critical="its critical value at 5 %",
    ),
    Field(
        "is_skewed",
        "BOOLEAN",
        "true or false",
        "whether the test finds skewness; mean and sd then do not hold, but are given",
    ),
    status(*_WIDTH, "estimate_outside_interval"),
    assumption(MEDIAN_ASSUMPTIONS),
)


def _median(name, arguments, what, source):
    return Udf(
        name=name,
        arguments=(*arguments, _N5, _METHOD),
        returns=_MEAN_SD,
        description=f"Mean and standard deviation from {what}, with a test for skewness",
        source=source,
        kernel=f"conversions.medians:{name}",
    )


MEDIANS = (
    _median(
        "mean_sd_from_quartiles",
        (_Q1, _MEDIAN, _Q3),
        "median and quartiles",
        "Luo and others 2018; Wan and others 2014; Shi and others 2023",
    ),
    _median(
        "mean_sd_from_median_range",
        (_MINIMUM, _MEDIAN, _MAXIMUM),
        "median and range",
        "Luo and others 2018; Wan and others 2014; Shi and others 2023",
    ),
    _median(
        "mean_sd_from_five_numbers",
        (_MINIMUM, _Q1, _MEDIAN, _Q3, _MAXIMUM),
        "median, quartiles and range",
        "Luo and others 2018; Shi and others 2020, 2023; Wan and others 2014",
    ),
)

SPREAD = (
    SD_FROM_SE,
    SE_FROM_SD,
    SD_FROM_MEAN_CI,
    SD_FROM_MD_SE,
    SD_FROM_IQR,
    SD_FROM_RANGE,
    SD_OF_CHANGE,
    R_PRE_POST,
    *MEDIANS,
)
