"""Functions for designs with dependent numbers: clusters, several arms, several effects."""

from python_udfs.catalogue.conversion_parts import TWO_GROUPS
from python_udfs.catalogue.entry import (
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
from python_udfs.kernels.conversions.assumptions import AGGREGATE_ASSUMPTIONS
from python_udfs.kernels.conversions.options import AGGREGATE_OPTIONS, COUNT_MEASURE

_CLUSTER = (
    number("cluster_size", "mean size of the clusters, 1 or more"),
    number("icc", "intraclass correlation, 0 to 1"),
)
_DESIGN_EFFECT = doubles("1", design_effect="1 + (cluster_size - 1) icc")

N_FROM_CLUSTER_TRIAL = Udf(
    name="n_from_cluster_trial",
    arguments=(number("n", "people (or events) in clusters"), *_CLUSTER),
    returns=(
        *doubles("people", n_effective="effective sample size: n / design effect"),
        *_DESIGN_EFFECT,
        status(*MISSING),
    ),
    description="Effective sample size of a cluster-randomised arm",
    source="Cochrane Handbook 6.5, 23.1.4",
    kernel="conversions.clusters:n_from_cluster_trial",
)

SE_FROM_CLUSTER_TRIAL = Udf(
    name="se_from_cluster_trial",
    arguments=(number("se", "standard error that ignores the clusters, positive"), *_CLUSTER),
    returns=(
        *doubles("unit of se", se="se times the root of the design effect"),
        *_DESIGN_EFFECT,
        status(*MISSING),
    ),
    description="Standard error of a cluster-randomised trial from one that ignores clusters",
    source="Cochrane Handbook 6.5, 23.1.4",
    kernel="conversions.clusters:se_from_cluster_trial",
)

_COMBINED = (
    *doubles("people", n="size of the combined group"),
    *doubles("unit of the means", mean="its mean", sd="its standard deviation"),
)
_ORDER = ("n1", "m1", "sd1", "n2", "m2", "sd2")

COMBINE_TWO_ARMS = Udf(
    name="combine_two_arms",
    arguments=tuple(next(a for a in TWO_GROUPS if a.name == name) for name in _ORDER),
    returns=(*_COMBINED, status(*MISSING)),
    description="Two arms as one group: size, mean and standard deviation",
    source="Cochrane Handbook 6.5, table 6.5.2.a",
    kernel="conversions.arms:combine_two_arms",
    same_as="combine_arms([n1, n2], [m1, m2], [sd1, sd2])",
)

COMBINE_ARMS = Udf(
    name="combine_arms",
    arguments=(
        Argument("ns", "DOUBLE[]", "sizes of the arms, positive"),
        Argument("means", "DOUBLE[]", "their means, in the same order"),
        Argument("sds", "DOUBLE[]", "their standard deviations, positive"),
    ),
    returns=(
        Field("arms", "INTEGER", "count", "arms combined: those without NULL, NaN or infinity"),
        *_COMBINED,
        *row_status("no_data"),
    ),
    description="Any number of arms as one group: size, mean and standard deviation",
    source="Cochrane Handbook 6.5, table 6.5.2.a",
    kernel="conversions.arms:combine_arms",
)

SPLIT_SHARED_CONTROL = Udf(
    name="split_shared_control",
    arguments=(
        number("count", "size of the shared control group, or its events"),
        number("comparisons", "comparisons it takes part in, 1 or more"),
    ),
    returns=(*doubles("people", share="count / comparisons"), status(*MISSING)),
    description="Share of a control group in each of several comparisons",
    source="Cochrane Handbook 6.5, 23.3.4",
    kernel="conversions.arms:split_shared_control",
)


def _covariance(name, arguments, unit, what, source):
    return Udf(
        name=name,
        arguments=arguments,
        returns=(*doubles(unit, covariance="covariance of the two effects"), status(*MISSING)),
        description=f"Covariance of two {what} that share a control group",
        source=source,
        kernel=f"conversions.shared_control:{name}",
    )


_M_CONTROL = number("m_control", "mean of the control group, not 0")
_SD_CONTROL = number("sd_control", "standard deviation of the control group, positive")
_N_CONTROL = number("n_control", "size of the control group")

COVARIANCES = (
    _covariance(
        "cov_shared_control_smd",
        (
            number("yi1", "one standardised mean difference"),
            number("yi2", "the other"),
            _N_CONTROL,
            number("n_total", "people in all arms whose SDs are pooled"),
        ),
        "standard deviations squared",
        "standardised mean differences",
        "Gleser & Olkin 2009, ch. 19",
    ),
    _covariance(
        "cov_shared_control_md",
        (_SD_CONTROL, _N_CONTROL),
        "unit of the means squared",
        "mean differences",
        "variance of the control group's mean",
    ),
    _covariance(
        "cov_shared_control_rom",
        (_M_CONTROL, _SD_CONTROL, _N_CONTROL),
        "log ratio squared",
        "log ratios of means",
        "Lajeunesse 2011",
    ),
    _covariance(
        "cov_shared_control_counts",
        (
            number("events_control", "people with the event in the control group"),
            _N_CONTROL,
            Argument(
                "measure",
                "VARCHAR",
                "OR (log odds ratio), RR (log risk ratio) or RD (risk difference)",
                choice=COUNT_MEASURE,
            ),
        ),
        "unit of the measure squared",
        "effects on counts",
        "Gleser & Olkin 2009, ch. 19",
    ),
)

AGGREGATE_EFFECTS = Udf(
    name="aggregate_effects",
    arguments=(
        Argument("yi", "DOUBLE[]", "effects of one study on one scale"),
        Argument("vi", "DOUBLE[]", "their sampling variances, positive, in the same order"),
        number("rho", "correlation of the effects' sampling errors, the same for every pair"),
        Argument(
            "options",
            "STRUCT",
            "weighting equal, or gls (weights from the inverse covariance matrix); default equal",
            options=AGGREGATE_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "effects aggregated: pairs without NULL, NaN or infinity"),
        *doubles("unit of yi", yi="effect of the study"),
        *doubles("unit of yi squared", vi="its sampling variance"),
        *row_status("no_data", "missing_input"),
        assumption(AGGREGATE_ASSUMPTIONS),
    ),
    description="Several correlated effects of one study as one effect",
    source="Borenstein and others 2009, ch. 24; metafor aggregate, struct CS",
    kernel="conversions.aggregate:aggregate_effects",
)

DESIGNS = (
    N_FROM_CLUSTER_TRIAL,
    SE_FROM_CLUSTER_TRIAL,
    COMBINE_TWO_ARMS,
    COMBINE_ARMS,
    SPLIT_SHARED_CONTROL,
    *COVARIANCES,
    AGGREGATE_EFFECTS,
)
