"""Functions that say a standardised mean difference, or an odds ratio, in other words."""

from python_udfs.catalogue.entry import (
    MISSING,
    Argument,
    Field,
    Udf,
    assumption,
    doubles,
    number,
    status,
)
from python_udfs.kernels.conversions.options import RULE
from python_udfs.kernels.translations.assumptions import (
    ABSOLUTE_ASSUMPTIONS,
    CORRELATION_ASSUMPTIONS,
    NNT_ASSUMPTIONS,
    NORMAL_ASSUMPTIONS,
    ODDS_ASSUMPTIONS,
    ODDS_NNT_ASSUMPTIONS,
    POINTS_ASSUMPTIONS,
    RISK_ASSUMPTIONS,
)
from python_udfs.kernels.translations.options import EFFECT, EVENT, HIGHER_IS, NNT_METHOD

_SMD_AND_VARIANCE = (
    number("yi", "standardised mean difference"),
    number("vi", "its sampling variance, positive"),
)
_SMD_AND_LIMITS = (
    number("yi", "standardised mean difference"),
    number("ci_low", "its lower limit; both limits NULL for the point alone"),
    number("ci_high", "its upper limit"),
)
_CER = number("control_event_rate", "risk of the event in the group compared with, 0 to 1")
_REASONS = (*MISSING, "interval_reversed", "estimate_outside_interval")
_POINT = ("point_only (no limits were given)",)


def _with_limits(unit: str, what: str, assumptions: tuple[str, ...]) -> tuple[Field, ...]:
    return (
        *doubles(
            unit,
            estimate=what,
            ci_low="lower limit; NULL when point_only",
            ci_high="upper limit; NULL when point_only",
        ),
        status(*_REASONS, partial=_POINT),
        assumption(assumptions),
    )


LOG_ODDS_FROM_SMD = Udf(
    name="log_odds_from_smd",
    arguments=(
        *_SMD_AND_VARIANCE,
        Argument("rule", "VARCHAR", "hasselblad_hedges (pi / sqrt 3) or cox (1.65)", choice=RULE),
    ),
    returns=(
        *doubles("log odds ratio", yi="log odds ratio"),
        *doubles("log odds ratio squared", vi="its sampling variance"),
        status(*MISSING),
        assumption(ODDS_ASSUMPTIONS),
    ),
    description="Log odds ratio from a standardised mean difference; inverse of smd_from_log_odds",
    source="Hasselblad & Hedges 1995; Chinn 2000; Cox & Snell 1989",
    kernel="translations.odds:log_odds_from_smd",
)

R_FROM_SMD = Udf(
    name="r_from_smd",
    arguments=(
        *_SMD_AND_VARIANCE,
        number("n1", "size of group 1; both sizes NULL for groups of equal size"),
        number("n2", "size of group 2"),
    ),
    returns=(
        *doubles("correlation", yi="point-biserial correlation"),
        *doubles("correlation squared", vi="its sampling variance"),
        status(*MISSING),
        assumption(CORRELATION_ASSUMPTIONS),
    ),
    description="Correlation from a standardised mean difference",
    source="Borenstein and others 2009, eq. 7.7 to 7.9",
    kernel="translations.correlation:r_from_smd",
)

U3_FROM_SMD = Udf(
    name="u3_from_smd",
    arguments=_SMD_AND_LIMITS,
    returns=_with_limits(
        "proportion 0-1", "share of group 2 below the mean of group 1", NORMAL_ASSUMPTIONS
    ),
    description="Cohen's U3 of a standardised mean difference",
    source="Cohen 1988, ch. 2",
    kernel="translations.normal:u3_from_smd",
)

OVERLAP_FROM_SMD = Udf(
    name="overlap_from_smd",
    arguments=_SMD_AND_LIMITS,
    returns=_with_limits(
        "proportion 0-1", "shared area of the two distributions", NORMAL_ASSUMPTIONS
    ),
    description="Overlap of two groups that a standardised mean difference tells apart",
    source="Cohen 1988, ch. 2; Reiser & Faraggi 1999",
    kernel="translations.normal:overlap_from_smd",
)

SUPERIORITY_FROM_SMD = Udf(
    name="superiority_from_smd",
    arguments=_SMD_AND_LIMITS,
    returns=_with_limits(
        "probability", "that one of group 1 lies above one of group 2", NORMAL_ASSUMPTIONS
    ),
    description="Probability of superiority (common language effect size)",
    source="McGraw & Wong 1992",
    kernel="translations.normal:superiority_from_smd",
)

RISK_DIFFERENCE_FROM_SMD = Udf(
    name="risk_difference_from_smd",
    arguments=(*_SMD_AND_LIMITS, _CER),
    returns=_with_limits(
        "proportion 0-1", "share above the cut point in group 1 minus that rate", RISK_ASSUMPTIONS
    ),
    description="Risk difference that a standardised mean difference makes at a control event rate",
    source="Furukawa 1999; Furukawa & Leucht 2011",
    kernel="translations.normal:risk_difference_from_smd",
)


def _nnt(assumptions: tuple[str, ...]) -> tuple[Field, ...]:
    return (
        *doubles(
            "people",
            estimate="number needed to treat; negative when treatment harms",
            ci_low="lower limit; NULL when point_only or interval_through_infinity",
            ci_high="upper limit; NULL when point_only or interval_through_infinity",
        ),
        status(
            *_REASONS,
            "effect_is_zero (the number is infinite)",
            partial=(
                *_POINT,
                "interval_through_infinity (the interval of the effect holds no effect)",
            ),
        ),
        assumption(assumptions),
    )


NNT_FROM_SMD = Udf(
    name="nnt_from_smd",
    arguments=(
        number("yi", "standardised mean difference, positive when treatment is better"),
        *_SMD_AND_LIMITS[1:],
        number("control_event_rate", "share of responders without treatment; furukawa only"),
        Argument("method", "VARCHAR", "furukawa or kraemer_kupfer", choice=NNT_METHOD),
    ),
    returns=_nnt(NNT_ASSUMPTIONS),
    description="Number needed to treat from a standardised mean difference",
    source="Furukawa 1999; Furukawa & Leucht 2011; Kraemer & Kupfer 2006; Altman 1998",
    kernel="translations.nnt:nnt_from_smd",
)

NNT_FROM_OR = Udf(
    name="nnt_from_or",
    arguments=(
        number("odds_ratio", "odds ratio, above 0"),
        *_SMD_AND_LIMITS[1:],
        _CER,
        Argument("event", "VARCHAR", "desired (a response) or undesired (a harm)", choice=EVENT),
    ),
    returns=_nnt(ODDS_NNT_ASSUMPTIONS),
    description="Number needed to treat from an odds ratio and a control event rate",
    source="Cochrane Handbook 6.5, 15.4.4; Altman 1998",
    kernel="translations.nnt:nnt_from_or",
)

ABSOLUTE_FROM_EFFECT = Udf(
    name="absolute_from_effect",
    arguments=(
        number("estimate", "ratio, above 0, or risk difference"),
        *_SMD_AND_LIMITS[1:],
        number(
            "control_event_rate",
            "risk of the event in the group compared with, 0 to 1; its rate, above 0, for "
            "incidence_rate_ratio",
        ),
        Argument(
            "measure",
            "VARCHAR",
            "odds_ratio, risk_ratio, hazard_ratio, risk_difference or incidence_rate_ratio",
            choice=EFFECT,
        ),
    ),
    returns=(
        *doubles(
            "as control_event_rate",
            estimate="risk, or rate, in the group that is studied",
            ci_low="lower limit; NULL when point_only",
            ci_high="upper limit; NULL when point_only",
            difference="it, less the control event rate",
            difference_low="lower limit; NULL when point_only",
            difference_high="upper limit; NULL when point_only",
        ),
        status(
            *_REASONS,
            partial=(*_POINT, "risk_capped (a risk beyond 0 or 1 became that bound)"),
        ),
        assumption(ABSOLUTE_ASSUMPTIONS),
    ),
    description="Risk with treatment, and its difference from a control event rate",
    source="Cochrane Handbook 15.4.4; Skoetz and others 2020 (hazard ratios)",
    kernel="translations.absolute:absolute_from_effect",
)

POINTS_FROM_SMD = Udf(
    name="points_from_smd",
    arguments=(
        number("yi", "standardised mean difference, positive when treatment is better"),
        *_SMD_AND_LIMITS[1:],
        number("sd", "standard deviation of the instrument, in points, above 0"),
        Argument(
            "higher_is", "VARCHAR", "better or worse: what more points mean", choice=HIGHER_IS
        ),
    ),
    returns=_with_limits("points", "difference in points of the instrument", POINTS_ASSUMPTIONS),
    description="Difference in points of an instrument from a standardised mean difference",
    source="Cochrane Handbook 15.5.3.2; Guyatt and others 2013 (GRADE guidelines 13)",
    kernel="translations.absolute:points_from_smd",
)

TRANSLATIONS = (
    LOG_ODDS_FROM_SMD,
    R_FROM_SMD,
    U3_FROM_SMD,
    OVERLAP_FROM_SMD,
    SUPERIORITY_FROM_SMD,
    RISK_DIFFERENCE_FROM_SMD,
    NNT_FROM_SMD,
    NNT_FROM_OR,
    ABSOLUTE_FROM_EFFECT,
    POINTS_FROM_SMD,
)
