"""Functions that fit linear models to effects."""

from python_udfs.catalogue.entry import Argument, Field, Udf, doubles, status
from python_udfs.kernels.regression.options import META_REGRESSION_OPTIONS


def _lists(unit: str, **descriptions: str) -> tuple[Field, ...]:
    return tuple(Field(name, "DOUBLE[]", unit, text) for name, text in descriptions.items())


_YI = Argument("yi", "DOUBLE[]", "effects on the analysis scale (logarithms of ratios)")
_VI = Argument("vi", "DOUBLE[]", "their sampling variances, positive, in the same order")

META_REGRESSION = Udf(
    name="meta_regression",
    arguments=(
        _YI,
        _VI,
        Argument(
            "x",
            "DOUBLE[][]",
            "moderators: one list each, with a value per study in the order of yi",
        ),
        Argument(
            "options",
            "STRUCT",
            "tau2_method REML, DL, PM, CE (no residual heterogeneity), ML, EB, HE, HS, HSk, SJ, "
            "PMM; ci_method z, t, HK, HK_adhoc; intercept yes, no; ci_level. Default, also for "
            "NULL: REML, HK_adhoc, yes, 0.95",
            options=META_REGRESSION_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "studies with an effect, a variance and every moderator"),
        Field("p", "INTEGER", "count", "coefficients: the intercept, then each moderator"),
        status("no_data", "too_few_studies", "singular", "not_converged"),
        *_lists(
            "unit of yi, per unit of the moderator",
            estimate="coefficients: the intercept first, then the moderators in order",
            se="their standard errors, that go with ci_method",
            ci_low="lower confidence limits",
            ci_high="upper confidence limits",
        ),
        *_lists("1", statistic="estimate / se; NULL when se is 0"),
        *_lists("probability", p_value="two-sided p of each coefficient"),
        *doubles("count", df="k - p, degrees of freedom of the t tests; NULL for the normal"),
        *doubles(
            "unit of yi squared",
            tau2="residual between-study variance; 0 by definition for CE",
            tau2_ci_low="lower Q-profile limit of tau2, whatever the estimator",
            tau2_ci_high="upper Q-profile limit of tau2",
        ),
        *doubles("1", qe="Q_E, test statistic of residual heterogeneity"),
        *doubles("count", qe_df="k - p"),
        *doubles("probability", qe_p="p of Q_E against chi-square"),
        *doubles(
            "percent",
            i2_q="residual I2 from Q_E: max(0, (Q_E - df) / Q_E)",
            i2_tau2="residual I2 from tau2: tau2 / (tau2 + typical variance)",
        ),
        *doubles(
            "1",
            h2_q="residual H2 from Q_E: Q_E / df",
            h2_tau2="residual H2 from tau2: (tau2 + typical variance) / typical variance",
            qm="test of all moderators together: Q_M for z, F otherwise; NULL without moderators",
        ),
        *doubles(
            "count",
            qm_df="number of moderators",
            qm_df2="denominator degrees of freedom of F, k - p; NULL for z",
        ),
        *doubles("probability", qm_p="p of Q_M against chi-square, or of F"),
        *doubles(
            "percent",
            r2="heterogeneity explained: max(0, (tau2_null - tau2) / tau2_null), the null fit by "
            "the same estimator; adjusted R2 for CE; NULL without intercept",
        ),
    ),
    description="Mixed-effects meta-regression of effects on one or several moderators",
    source=(
        "Raudenbush 2009; Viechtbauer 2005, 2007; Viechtbauer and others 2015; "
        "Knapp & Hartung 2003; Roever and others 2015"
    ),
    kernel="regression.meta_regression:meta_regression",
)

REGRESSION = (META_REGRESSION,)
