"""The list of all functions: the one source of registration, wrapper macros, docs and tests.

An entry names the function, its arguments and the fields it returns, with SQL types, units and
meaning, the source of the formula, and the kernel that computes it.
"""

from dataclasses import dataclass
from importlib import import_module

from python_udfs.kernels.labels import (
    ODDS_ASSUMPTIONS,
    PROPORTION_ASSUMPTIONS,
    SMD_ASSUMPTIONS,
    STATUSES,
)
from python_udfs.kernels.options import POOL_OPTIONS, RULE, VARIANCE_FORM, Choice


@dataclass(frozen=True)
class Argument:
    """One argument. ``choice`` closes the list of texts; ``options`` are the keys of a STRUCT."""

    name: str
    type: str
    description: str
    choice: Choice | None = None
    options: tuple = ()
    is_optional: bool = False


@dataclass(frozen=True)
class Field:
    """One returned field; unnamed when the function returns a plain number."""

    name: str
    type: str
    unit: str
    description: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Udf:
    """One SQL function. ``kernel`` is ``module:function`` inside python_udfs.kernels."""

    name: str
    arguments: tuple[Argument, ...]
    returns: tuple[Field, ...]
    description: str
    source: str
    kernel: str

    def load_kernel(self):
        """The kernel function (imports Numba and SciPy)."""
        module, function = self.kernel.split(":")
        return getattr(import_module(f"python_udfs.kernels.{module}"), function)

    @property
    def signature(self) -> str:
        """The call as a reader would write it: ``pool(yi, vi [, options])``."""
        required = [a.name for a in self.arguments if not a.is_optional]
        optional = [f" [, {a.name}]" for a in self.arguments if a.is_optional]
        return f"{self.name}({', '.join(required)}{''.join(optional)})"

    @property
    def sql_parameters(self) -> list[str] | None:
        """DuckDB parameter types; None (any number of any type) where an argument is optional."""
        if any(argument.is_optional for argument in self.arguments):
            return None
        return [argument.type for argument in self.arguments]

    @property
    def sql_return_type(self) -> str:
        """DuckDB return type: a plain type or a STRUCT of the fields."""
        if not self.returns[0].name:
            return self.returns[0].type
        return f"STRUCT({', '.join(f'{field.name} {field.type}' for field in self.returns)})"


def _status(*names: str) -> Field:
    reasons = ", ".join(names)
    return Field("status", "VARCHAR", "code", f"ok, or why there is no result: {reasons}", STATUSES)


def _assumption(labels: tuple[str, ...]) -> Field:
    return Field("assumption", "VARCHAR", "text", "what had to be assumed; NULL if nothing", labels)


def _doubles(unit: str, **descriptions: str) -> tuple[Field, ...]:
    return tuple(Field(name, "DOUBLE", unit, text) for name, text in descriptions.items())


def _number(name: str, description: str) -> Argument:
    return Argument(name, "DOUBLE", description)


_CI_LEVEL = _number("ci_level", "probability of the interval, between 0 and 1, such as 0.95")
_EVENTS = (_number("events", "people with the event"), _number("total", "people observed"))
_MISSING = ("missing_input", "out_of_range")

POOL = Udf(
    name="pool",
    arguments=(
        Argument("yi", "DOUBLE[]", "effects on the analysis scale (logarithms of ratios)"),
        Argument("vi", "DOUBLE[]", "their sampling variances, positive, in the same order"),
        Argument(
            "options",
            "STRUCT",
            "tau2_method REML, DL, PM, CE (common effect); ci_method z, t, HK, HK_adhoc; "
            "pi_method HTS, V, none; ci_level. Default, also for NULL: REML, HK_adhoc, V, 0.95",
            options=POOL_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "effects pooled: pairs without NULL, NaN or infinity"),
        _status("single_study", "no_data", "not_converged"),
        *_doubles(
            "unit of yi",
            estimate="pooled effect",
            se="standard error that goes with ci_method",
            ci_low="lower confidence limit",
            ci_high="upper confidence limit",
        ),
        *_doubles("1", statistic="estimate / se; NULL when se is 0"),
        *_doubles("count", df="degrees of freedom of the t distribution; NULL for the normal"),
        *_doubles("probability", p_value="two-sided p of the pooled effect"),
        *_doubles(
            "unit of yi squared",
            tau2="between-study variance; 0 by definition for CE",
            tau2_ci_low="lower Q-profile limit of tau2, whatever the estimator",
            tau2_ci_high="upper Q-profile limit of tau2",
        ),
        *_doubles("1", q="Cochran's Q"),
        *_doubles("count", q_df="k - 1"),
        *_doubles("probability", q_p="p of Q against chi-square"),
        *_doubles(
            "percent",
            i2_q="I2 from Q: max(0, (Q - df) / Q)",
            i2_tau2="I2 from tau2: tau2 / (tau2 + typical variance); 0 by definition for CE",
        ),
        *_doubles(
            "1",
            h2_q="H2 from Q: Q / df",
            h2_tau2="H2 from tau2: (tau2 + typical variance) / typical variance",
        ),
        *_doubles(
            "unit of yi",
            pi_low="lower prediction limit; NULL for k < 3, CE and none",
            pi_high="upper prediction limit",
        ),
        Field("weights", "DOUBLE[]", "fraction", "weights, sum 1; NULL where a pair was dropped"),
    ),
    description="Meta-analysis of a list of effects and their variances",
    source=(
        "DerSimonian & Laird 1986; Paule & Mandel 1982; Viechtbauer 2005, 2007; "
        "Hartung & Knapp 2001; Roever and others 2015; Higgins and others 2002, 2009; "
        "Veroniki and others 2019"
    ),
    kernel="pooling:pool",
)

SE_FROM_CI = Udf(
    name="se_from_ci",
    arguments=(
        _number("ci_low", "lower limit on the analysis scale"),
        _number("ci_high", "upper limit on the analysis scale"),
        _CI_LEVEL,
    ),
    returns=(
        *_doubles("unit of the limits", se="standard error"),
        _status(*_MISSING, "interval_reversed", "interval_zero_width"),
    ),
    description="Standard error from a confidence interval: width / (2 z)",
    source="Cochrane Handbook 6.5, 6.3.1",
    kernel="se_recovery:se_from_ci",
)

SE_FROM_P = Udf(
    name="se_from_p",
    arguments=(
        _number("yi", "effect on the analysis scale"),
        _number("p_value", "two-sided p, strictly between 0 and 1"),
    ),
    returns=(
        *_doubles("unit of yi", se="standard error"),
        _status(*_MISSING, "effect_is_zero"),
    ),
    description="Standard error from an effect and its two-sided p: |yi| / z",
    source="Cochrane Handbook 6.5, 6.3.2",
    kernel="se_recovery:se_from_p",
)

_SMD = _doubles("standard deviations", yi="standardised mean difference") + _doubles(
    "standard deviations squared", vi="its sampling variance"
)

SMD_FROM_LOG_ODDS = Udf(
    name="smd_from_log_odds",
    arguments=(
        _number("yi_log_or", "log odds ratio"),
        _number("vi_log_or", "its sampling variance, positive"),
        Argument("rule", "VARCHAR", "hasselblad_hedges (pi / sqrt 3) or cox (1.65)", choice=RULE),
    ),
    returns=(*_SMD, _status(*_MISSING), _assumption(ODDS_ASSUMPTIONS)),
    description="Standardised mean difference from a log odds ratio",
    source="Hasselblad & Hedges 1995; Chinn 2000; Cox & Snell 1989",
    kernel="conversions:smd_from_log_odds",
)

_VARIANCE_FORM = Argument("variance_form", "VARCHAR", "LS, LS2, UB or H0", choice=VARIANCE_FORM)

SMD_FROM_MEANS = Udf(
    name="smd_from_means",
    arguments=(
        _number("m1", "mean of group 1"),
        _number("sd1", "standard deviation of group 1, positive"),
        _number("n1", "size of group 1"),
        _number("m2", "mean of group 2"),
        _number("sd2", "standard deviation of group 2, positive"),
        _number("n2", "size of group 2"),
        _VARIANCE_FORM,
    ),
    returns=(*_SMD, _status(*_MISSING), _assumption(SMD_ASSUMPTIONS)),
    description="Hedges' g (group 1 minus group 2) from means and standard deviations",
    source="Hedges 1981, 1982; Hedges & Olkin 1985",
    kernel="smd:smd_from_means",
)

G_FROM_D = Udf(
    name="g_from_d",
    arguments=(
        _number("d", "Cohen's d of one trial"),
        _number("vi", "variance of d; NULL to compute it from the group sizes"),
        _number("n1", "size of group 1"),
        _number("n2", "size of group 2"),
        _VARIANCE_FORM,
    ),
    returns=(*_SMD, _status(*_MISSING), _assumption(SMD_ASSUMPTIONS)),
    description="Hedges' g from a trial's Cohen's d; a given variance is multiplied by J squared",
    source="Hedges 1981; Borenstein and others 2009, eq. 4.23 and 4.24",
    kernel="smd:g_from_d",
)

SUBGROUP_DIFFERENCE = Udf(
    name="subgroup_difference",
    arguments=(
        Argument("estimates", "DOUBLE[]", "pooled effect of each group"),
        Argument("ses", "DOUBLE[]", "their standard errors, positive, in the same order"),
    ),
    returns=(
        Field("groups", "INTEGER", "count", "groups compared: pairs without NULL"),
        *_doubles("1", q_between="Q between groups"),
        *_doubles("count", df="groups - 1"),
        *_doubles("probability", p_value="p of Q against chi-square"),
        _status("single_study", "no_data", "out_of_range"),
    ),
    description="Test for a difference between independent subgroups (separate tau2)",
    source="Borenstein and others 2009, ch. 19",
    kernel="subgroups:subgroup_difference",
)

_LOGIT = _doubles("log odds", yi="logit of the proportion") + _doubles(
    "log odds squared", vi="its sampling variance"
)

LOGIT_FROM_EVENTS = Udf(
    name="logit_from_events",
    arguments=_EVENTS,
    returns=(*_LOGIT, _status(*_MISSING), _assumption(PROPORTION_ASSUMPTIONS)),
    description="Logit of a proportion; 0.5 is added only when events are 0 or all",
    source="Cochrane Handbook 6.5; metafor measure PLO",
    kernel="proportions:logit_from_events",
)

LOGIT_FROM_PERCENT_CI = Udf(
    name="logit_from_percent_ci",
    arguments=(
        _number("percent", "proportion in percent"),
        _number("percent_low", "lower limit in percent"),
        _number("percent_high", "upper limit in percent"),
        _CI_LEVEL,
    ),
    returns=(
        *_LOGIT,
        _status(*_MISSING, "interval_reversed", "interval_zero_width", "estimate_outside_interval"),
        _assumption(PROPORTION_ASSUMPTIONS),
    ),
    description="Logit of a percentage, its variance from the interval taken to the logit scale",
    source="Cochrane Handbook 6.5, 6.3.1, on the logit scale",
    kernel="proportions:logit_from_percent_ci",
)

PROPORTION_CI_EXACT = Udf(
    name="proportion_ci_exact",
    arguments=(*_EVENTS, _CI_LEVEL),
    returns=(
        *_doubles(
            "proportion 0-1",
            estimate="events / total",
            ci_low="lower Clopper-Pearson limit",
            ci_high="upper Clopper-Pearson limit",
        ),
        _status(*_MISSING),
    ),
    description="Crude proportion with its exact binomial interval",
    source="Clopper & Pearson 1934",
    kernel="proportions:proportion_ci_exact",
)


def _plain(unit: str, description: str) -> tuple[Field, ...]:
    return (Field("", "DOUBLE", unit, description),)


P_FROM_Z = Udf(
    name="p_from_z",
    arguments=(_number("z", "standard normal statistic"),),
    returns=_plain("probability", "two-sided p; NULL for NULL"),
    description="Two-sided p of a normal test statistic",
    source="2 (1 - Phi(|z|))",
    kernel="tails:p_from_z",
)

Z_FROM_P = Udf(
    name="z_from_p",
    arguments=(_number("p", "two-sided p, 0 < p <= 1"),),
    returns=_plain("1", "z >= 0; NULL outside 0 < p <= 1"),
    description="Absolute normal statistic that has a given two-sided p",
    source="inverse of p_from_z",
    kernel="tails:z_from_p",
)

P_FROM_CHI2 = Udf(
    name="p_from_chi2",
    arguments=(_number("q", "chi-square statistic, 0 or more"), _number("df", "above 0")),
    returns=_plain("probability", "upper tail; NULL for q < 0 or df <= 0"),
    description="Upper tail probability of the chi-square distribution",
    source="regularised upper incomplete gamma function",
    kernel="tails:p_from_chi2",
)

CATALOGUE: tuple[Udf, ...] = (
    POOL,
    SUBGROUP_DIFFERENCE,
    SE_FROM_CI,
    SE_FROM_P,
    SMD_FROM_MEANS,
    G_FROM_D,
    SMD_FROM_LOG_ODDS,
    LOGIT_FROM_EVENTS,
    LOGIT_FROM_PERCENT_CI,
    PROPORTION_CI_EXACT,
    P_FROM_Z,
    Z_FROM_P,
    P_FROM_CHI2,
)


def as_arrow():
    """The catalogue as a table: udf_name, arguments, returns, unit, description, source.

    ``arguments`` and ``returns`` are written as SQL types; ``unit`` lists "field: unit".
    """
    import pyarrow as pa

    rows = [
        {
            "udf_name": udf.name,
            "arguments": ", ".join(f"{a.name} {a.type}" for a in udf.arguments),
            "returns": udf.sql_return_type,
            "unit": ", ".join(f"{f.name or 'result'}: {f.unit}" for f in udf.returns),
            "description": udf.description,
            "source": udf.source,
        }
        for udf in CATALOGUE
    ]
    return pa.Table.from_pylist(rows)
