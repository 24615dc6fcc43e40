"""Functions of binary outcomes: effects of tables and ratios, Mantel-Haenszel, Peto."""

from python_udfs.catalogue.entry import (
    CI_LEVEL,
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
from python_udfs.kernels.binary.assumptions import (
    BASELINE_ASSUMPTIONS,
    PERSON_TIME_ASSUMPTIONS,
    RATE_ASSUMPTIONS,
    RATIO_ASSUMPTIONS,
    RECONSTRUCTION_ASSUMPTIONS,
    TABLE_ASSUMPTIONS,
)
from python_udfs.kernels.binary.options import (
    MANTEL_HAENSZEL_OPTIONS,
    MEASURE,
    PERSON_TIME_OPTIONS,
    PETO_OPTIONS,
    SE_SCALE,
    TABLE_OPTIONS,
)

_DOUBLE_ZERO = "double_zero keep, drop (no or only events in both arms: status double_zero)"

EFFECT_FROM_COUNTS = Udf(
    name="effect_from_counts",
    arguments=(
        number("ai", "people with the event in arm 1"),
        number("n1", "people in arm 1"),
        number("ci", "people with the event in arm 2"),
        number("n2", "people in arm 2"),
        Argument(
            "measure",
            "VARCHAR",
            "OR, RR (logarithms), RD (risk difference), AS (arcsine difference), PETO (log odds)",
            choice=MEASURE,
        ),
        Argument(
            "options",
            "STRUCT",
            "zero_cells only0 (0.5 to every cell where one is 0; never for AS), none, all (0.5 to "
            f"every cell), tacc (n / N of each arm where a cell is 0); {_DOUBLE_ZERO}. "
            "Default, also for NULL: only0, keep",
            options=TABLE_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        *doubles("scale of the measure", yi="effect of arm 1 against arm 2"),
        *doubles("scale of the measure squared", vi="its sampling variance"),
        status(*MISSING, "zero_cells", "double_zero"),
        assumption(TABLE_ASSUMPTIONS),
    ),
    description="Effect of a 2x2 table from events and totals of two arms",
    source=(
        "Fleiss & Berlin 2009; Yusuf and others 1985; Ruecker and others 2009; "
        "Sweeting, Sutton & Lambert 2004"
    ),
    kernel="binary.effects:effect_from_counts",
)

LOG_IRR_FROM_COUNTS = Udf(
    name="log_irr_from_counts",
    arguments=(
        number("x1", "events in arm 1"),
        number("t1", "person-time in arm 1, positive"),
        number("x2", "events in arm 2"),
        number("t2", "person-time in arm 2, in the unit of t1"),
        Argument(
            "options",
            "STRUCT",
            f"zero_cells only0 (0.5 to both counts where one is 0), none, all; {_DOUBLE_ZERO}. "
            "Default, also for NULL: only0, keep",
            options=PERSON_TIME_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        *doubles("log rate ratio", yi="logarithm of the incidence rate ratio"),
        *doubles("log rate ratio squared", vi="its sampling variance"),
        status(*MISSING, "zero_cells", "double_zero"),
        assumption(PERSON_TIME_ASSUMPTIONS),
    ),
    description="Log incidence rate ratio from events and person-time of two arms",
    source="Rothman, Greenland & Lash 2008, ch. 14; metafor measure IRR",
    kernel="binary.person_time:log_irr_from_counts",
)

_PERSON_TIME = (
    number("events", "events counted"),
    number("person_time", "person-time in which they were counted, positive, in any unit"),
)

LOG_RATE_FROM_EVENTS = Udf(
    name="log_rate_from_events",
    arguments=_PERSON_TIME,
    returns=(
        *doubles("log rate", yi="logarithm of the events per unit of person-time"),
        *doubles("log rate squared", vi="its sampling variance"),
        status(*MISSING),
        assumption(RATE_ASSUMPTIONS),
    ),
    description="Log incidence rate of one group; 0.5 is added only when there are no events",
    source="Rothman, Greenland & Lash 2008, ch. 14; metafor measure IRLN",
    kernel="binary.person_time:log_rate_from_events",
)

RATE_CI_EXACT = Udf(
    name="rate_ci_exact",
    arguments=(*_PERSON_TIME, CI_LEVEL),
    returns=(
        *doubles(
            "events per unit of person-time",
            estimate="events / person_time",
            ci_low="lower exact Poisson limit",
            ci_high="upper exact Poisson limit",
        ),
        status(*MISSING),
    ),
    description="Crude incidence rate with its exact interval",
    source="Garwood 1936",
    kernel="binary.person_time:rate_ci_exact",
)

COUNTS_FROM_OR = Udf(
    name="counts_from_or",
    arguments=(
        number("odds_ratio", "odds ratio of arm 1 against arm 2 as printed, above 0"),
        number("decimals", "how many decimals it was printed with"),
        number("n1", "people in arm 1"),
        number("n2", "people in arm 2"),
        number("events", "people with the event in both arms together"),
    ),
    returns=(
        *doubles(
            "people",
            ai="people with the event in arm 1",
            ci="people with the event in arm 2",
        ),
        status(*MISSING, "no_table_matches", "several_tables_match"),
        assumption(RECONSTRUCTION_ASSUMPTIONS),
    ),
    description="The counts behind a printed odds ratio, if its margins leave only one table",
    source="search among all tables with the given margins",
    kernel="binary.reconstruction:counts_from_or",
)

_LOG_RATIO = (
    *doubles("log ratio", yi="logarithm of the ratio"),
    *doubles("log ratio squared", vi="its sampling variance"),
)
_RATIO = number("ratio", "odds, risk, hazard or rate ratio as printed, above 0")

LOG_RATIO_FROM_CI = Udf(
    name="log_ratio_from_ci",
    arguments=(
        _RATIO,
        number("ci_low", "lower limit as printed, above 0"),
        number("ci_high", "upper limit as printed"),
        CI_LEVEL,
    ),
    returns=(
        *_LOG_RATIO,
        status(*MISSING, "interval_reversed", "interval_zero_width", "estimate_outside_interval"),
        assumption(RATIO_ASSUMPTIONS),
    ),
    description="Log of a reported ratio, its variance from the confidence interval",
    source="Cochrane Handbook 6.5, 6.3.1",
    kernel="binary.ratios:log_ratio_from_ci",
)

LOG_RATIO_FROM_SE = Udf(
    name="log_ratio_from_se",
    arguments=(
        _RATIO,
        number("se", "standard error, positive"),
        Argument(
            "se_scale",
            "VARCHAR",
            "what se belongs to: log (the logarithm) or ratio (the ratio itself)",
            choice=SE_SCALE,
        ),
    ),
    returns=(*_LOG_RATIO, status(*MISSING), assumption(RATIO_ASSUMPTIONS)),
    description="Log of a reported ratio, its variance from a standard error",
    source="delta method: se of ln x = se of x / x",
    kernel="binary.ratios:log_ratio_from_se",
)

LOG_RATIO_FROM_P = Udf(
    name="log_ratio_from_p",
    arguments=(_RATIO, number("p_value", "two-sided p, strictly between 0 and 1")),
    returns=(*_LOG_RATIO, status(*MISSING, "effect_is_zero"), assumption(RATIO_ASSUMPTIONS)),
    description="Log of a reported ratio, its variance from the two-sided p",
    source="Cochrane Handbook 6.5, 6.3.2; Parmar, Torri & Stewart 1998",
    kernel="binary.ratios:log_ratio_from_p",
)


def _changed(kind: str, before: str, *more: str) -> tuple[Field, ...]:
    return (
        *doubles(
            kind,
            estimate=f"{kind}",
            ci_low="lower limit; NULL when point_only",
            ci_high="upper limit; NULL when point_only",
        ),
        *doubles(f"log {kind}", yi=f"logarithm of the {kind}"),
        *doubles(
            f"log {kind} squared",
            vi="its sampling variance, from the changed limits; NULL when point_only",
        ),
        status(
            *MISSING,
            "interval_reversed",
            "interval_zero_width",
            "estimate_outside_interval",
            *more,
            partial=(f"point_only (no limits of the {before} were given)",),
        ),
        assumption(BASELINE_ASSUMPTIONS),
    )


def _limits(kind: str) -> tuple[Argument, ...]:
    return (
        number(kind.replace(" ", "_"), f"{kind} as printed, above 0"),
        number("ci_low", "lower limit as printed; both limits NULL for the point alone"),
        number("ci_high", "upper limit as printed"),
    )


_BASELINE = number("baseline_risk", "risk in the group compared with, between 0 and 1")

RR_FROM_OR = Udf(
    name="rr_from_or",
    arguments=(*_limits("odds ratio"), _BASELINE, CI_LEVEL),
    returns=_changed("risk ratio", "odds ratio"),
    description="Risk ratio from an odds ratio through a baseline risk",
    source="Zhang & Yu 1998; Cochrane Handbook 6.5, 15.4.4.4",
    kernel="binary.baseline:rr_from_or",
)

OR_FROM_RR = Udf(
    name="or_from_rr",
    arguments=(*_limits("risk ratio"), _BASELINE, CI_LEVEL),
    returns=_changed("odds ratio", "risk ratio", "risk_not_below_one"),
    description="Odds ratio from a risk ratio through a baseline risk",
    source="Grant 2014",
    kernel="binary.baseline:or_from_rr",
)

RR_FROM_HR = Udf(
    name="rr_from_hr",
    arguments=(*_limits("hazard ratio"), CI_LEVEL),
    returns=_changed("risk ratio", "hazard ratio"),
    description="Risk ratio from a hazard ratio, for an outcome that is common",
    source="VanderWeele 2020",
    kernel="binary.baseline:rr_from_hr",
)

_TABLES = (
    Argument("ai", "DOUBLE[]", "people with the event in arm 1, one element per study"),
    Argument("n1", "DOUBLE[]", "people in arm 1, in the same order"),
    Argument("ci", "DOUBLE[]", "people with the event in arm 2"),
    Argument("n2", "DOUBLE[]", "people in arm 2"),
)


def _common_effect(unit: str, what: str) -> tuple[Field, ...]:
    return (
        Field("k", "INTEGER", "count", "tables pooled: those without NULL, NaN or infinity"),
        *row_status("no_data", "zero_cells", partial=("single_study",)),
        *doubles(
            unit,
            estimate=what,
            se="its standard error",
            ci_low="lower confidence limit",
            ci_high="upper confidence limit",
        ),
        *doubles("1", statistic="estimate / se"),
        *doubles("probability", p_value="two-sided p of no effect, normal distribution"),
    )


def _heterogeneity(q: str) -> tuple[Field, ...]:
    return (
        *doubles("1", q=q),
        *doubles("count", q_df="tables with an effect, less 1; NULL with fewer than two"),
        *doubles("probability", q_p="p of q against chi-square"),
        *doubles("percent", i2_q="max(0, (q - df) / q)"),
        *doubles("1", h2_q="q / df"),
    )


_WEIGHTS = Field(
    "weights", "DOUBLE[]", "fraction", "weights, sum 1; NULL where a table was dropped"
)

MANTEL_HAENSZEL = Udf(
    name="mantel_haenszel",
    arguments=(
        *_TABLES,
        Argument(
            "options",
            "STRUCT",
            "measure OR, RR, RD; cmh_correction half (continuity correction 1/2 of the "
            "Cochran-Mantel-Haenszel test), none; ci_level. Default, also for NULL: OR, half, 0.95",
            options=MANTEL_HAENSZEL_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        *_common_effect(
            "log ratio (OR, RR) or difference (RD)", "common effect of arm 1 against arm 2"
        ),
        *_heterogeneity("sum (y - estimate)^2 / v of the tables' own effects (only0, drop)"),
        *doubles("1", cmh="Cochran-Mantel-Haenszel statistic of association, 1 df"),
        *doubles("probability", cmh_p="its p"),
        *doubles(
            "1",
            breslow_day="Breslow-Day statistic of unequal odds ratios; NULL for RR and RD",
            tarone="the same with Tarone's correction; NULL for RR and RD",
        ),
        *doubles("count", breslow_day_df="df of both: tables with events and non-events, less 1"),
        *doubles("probability", breslow_day_p="p of breslow_day", tarone_p="p of tarone"),
        _WEIGHTS,
    ),
    description="Mantel-Haenszel meta-analysis of 2x2 tables, without correction of counts",
    source=(
        "Mantel & Haenszel 1959; Robins, Breslow & Greenland 1986; Greenland & Robins 1985; "
        "Sato, Greenland & Robins 1989; Breslow & Day 1980; Tarone 1985"
    ),
    kernel="binary.mantel_haenszel:mantel_haenszel",
)

PETO = Udf(
    name="peto",
    arguments=(
        *_TABLES,
        Argument(
            "options",
            "STRUCT",
            "ci_level. Default, also for NULL: 0.95",
            options=PETO_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        *_common_effect("log odds ratio", "common log odds ratio of arm 1 against arm 2"),
        *_heterogeneity("sum (y - estimate)^2 V of the tables with V > 0"),
        _WEIGHTS,
    ),
    description="Peto's one-step meta-analysis of 2x2 tables, for rare events",
    source="Yusuf and others 1985",
    kernel="binary.peto:peto",
)

BINARY = (
    EFFECT_FROM_COUNTS,
    LOG_IRR_FROM_COUNTS,
    LOG_RATE_FROM_EVENTS,
    RATE_CI_EXACT,
    COUNTS_FROM_OR,
    LOG_RATIO_FROM_CI,
    LOG_RATIO_FROM_SE,
    LOG_RATIO_FROM_P,
    RR_FROM_OR,
    OR_FROM_RR,
    RR_FROM_HR,
    MANTEL_HAENSZEL,
    PETO,
)
