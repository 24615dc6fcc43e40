"""Functions that fit linear models to effects."""

from dataclasses import replace

from python_udfs.catalogue.entry import Argument, Field, Udf, doubles, row_status
from python_udfs.catalogue.pooling import EFFECTS, POOL
from python_udfs.kernels.regression.options import (
    BAYES_OPTIONS,
    CORRELATED_OPTIONS,
    META_REGRESSION_OPTIONS,
    POOL_GLS_OPTIONS,
    POOL_GLS_PAIRS_OPTIONS,
    SECOND_ORDER_OPTIONS,
    SHRINKAGE_OPTIONS,
    SHRINKAGE_PAIRS_OPTIONS,
    THREE_LEVEL_OPTIONS,
)


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
        *row_status(
            "no_data",
            "too_few_studies",
            "singular",
            "not_converged",
            partial=("no_variation", "tau2_outside_interval"),
            at="position in the lists, for lengths_differ in x",
        ),
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
            i2_q="residual I² from Q_E: max(0, (Q_E - df) / Q_E)",
            i2_tau2="residual I² from τ²: τ² / (τ² + typical variance)",
        ),
        *doubles(
            "1",
            h2_q="residual H2 from Q_E: Q_E / df",
            h2_tau2="residual H2 from τ²: (tau2 + typical variance) / typical variance",
            qm="test of all moderators together: Q_M for z, F otherwise; NULL without moderators "
            "and when se is 0",
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
            "the same estimator; adjusted R2 for CE; NULL without intercept or moderators",
        ),
    ),
    description="Mixed-effects meta-regression of effects on one or several moderators",
    source=(
        "Raudenbush 2009; Viechtbauer 2005, 2007; Viechtbauer and others 2015; "
        "Knapp & Hartung 2003; Roever and others 2015"
    ),
    kernel="regression.meta_regression:meta_regression",
)

_POOLED = doubles(
    "unit of yi",
    estimate="pooled effect",
    se="standard error that goes with ci_method",
    ci_low="lower confidence limit",
    ci_high="upper confidence limit",
)

_PARTIAL = ("single_study", "no_variation", "tau2_outside_interval")
_OF_MATRIX = ("lengths_differ", "out_of_range", "missing_input", "not_symmetric")
_OF_PAIRS = ("lengths_differ", "out_of_range", "repeated_pair")

_OF_CORRELATED = {
    "q": "weighted squares around the generalised least squares mean at tau2 = 0",
    "i2_tau2": "I² from τ²: τ² / (τ² + typical variance (k - 1) / tr(P)); 0 for CE",
    "pi_low": "lower prediction limit; NULL for one effect, CE, none, and where no df is left",
    "weights": "weights, sum 1, below 0 where correlations are high; NULL where an effect was "
    "dropped",
}

POOL_GLS = Udf(
    name="pool_gls",
    arguments=(
        _YI,
        Argument(
            "covariance",
            "DOUBLE[][]",
            "their sampling covariance matrix: one list per effect, in the order of yi",
        ),
        Argument(
            "options",
            "STRUCT",
            "tau2_method REML, DL, PM, CE (common effect), ML, EB (same root as PM), HE, HS, HSk, "
            "SJ, PMM; ci_method z, t, HK, HK_adhoc; pi_method HTS, V, none, z, HK, HK_PR; "
            "ci_level; tau2_ci_method QP, none. Default, also for NULL: REML, HK_adhoc, V, 0.95, "
            "QP",
            options=POOL_GLS_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "effects pooled: with a value and a variance"),
        *row_status(
            "no_data",
            "not_positive_definite",
            "not_converged",
            partial=_PARTIAL,
            faults=_OF_MATRIX,
            at="position in yi",
        ),
        *(
            replace(field, description=_OF_CORRELATED.get(field.name, field.description))
            for field in POOL.returns[3:]
        ),
    ),
    description="Meta-analysis of effects with a known sampling covariance matrix",
    source=(
        "Aitken 1935; Raudenbush, Becker & Kalaian 1988; Becker & Wu 2007; Jackson, White & "
        "Riley 2012; Viechtbauer 2005, 2007; Hartung & Knapp 2001"
    ),
    kernel="regression.pool_gls:pool_gls",
)

CORRELATIONS = Argument(
    "correlations",
    "DOUBLE[][]",
    "of pairs of effects: [i, j, r] with positions in the list from 1 and the correlation of "
    "their sampling errors",
)

POOL_GLS_PAIRS = replace(
    POOL_GLS,
    name="pool_gls_pairs",
    arguments=(
        *EFFECTS,
        CORRELATIONS,
        Argument(
            "options",
            "STRUCT",
            "default_correlation of pairs that are not listed; "
            + POOL_GLS.arguments[2].description.replace("NULL: ", "NULL: 0, "),
            options=POOL_GLS_PAIRS_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        POOL_GLS.returns[0],
        *row_status(
            "no_data",
            "not_positive_definite",
            "not_converged",
            "too_many_effects",
            partial=_PARTIAL,
            faults=_OF_PAIRS,
            at="position in the lists",
        ),
        *POOL_GLS.returns[3:],
    ),
    description="The pool of pool_gls for thousands of effects of which some pairs are correlated",
    kernel="regression.pool_gls_pairs:pool_gls_pairs",
)

CORRELATION_SHRINKAGE = Udf(
    name="correlation_shrinkage",
    arguments=(
        Argument(
            "correlation",
            "DOUBLE[][]",
            "a matrix of correlations with ones on its diagonal: one list per effect",
        ),
        Argument(
            "options",
            "STRUCT",
            "smallest_eigenvalue that the shrunk matrix may have. Default, also for NULL: 0.05",
            options=SHRINKAGE_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "effects of the matrix"),
        *row_status("no_data", faults=_OF_MATRIX, at="list of the matrix"),
        *doubles("1", smallest_eigenvalue="of the matrix as given; below 0: no correlations"),
        *doubles(
            "fraction",
            shrinkage="the least factor s for which (1 - s) times the correlations off the "
            "diagonal leave no smaller eigenvalue than asked; 0 where that holds already",
        ),
    ),
    description="How far correlations must be shrunk for a matrix to be safely positive definite",
    source="Ledoit & Wolf 2004 (shrinkage to the identity); eigenvalues of (1 - s) R + s I",
    kernel="regression.correlation_shrinkage:correlation_shrinkage",
)

CORRELATION_SHRINKAGE_PAIRS = replace(
    CORRELATION_SHRINKAGE,
    name="correlation_shrinkage_pairs",
    arguments=(
        Argument("k", "DOUBLE", "how many effects there are"),
        CORRELATIONS,
        Argument(
            "options",
            "STRUCT",
            "default_correlation of pairs that are not listed; smallest_eigenvalue that the "
            "shrunk matrix may have. Default, also for NULL: 0, 0.05",
            options=SHRINKAGE_PAIRS_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        CORRELATION_SHRINKAGE.returns[0],
        *row_status(
            "no_data",
            "too_many_effects",
            faults=("out_of_range", "repeated_pair"),
            at="position in correlations",
        ),
        *CORRELATION_SHRINKAGE.returns[3:],
    ),
    description="correlation_shrinkage for thousands of effects of which some are correlated",
    kernel="regression.correlation_shrinkage_pairs:correlation_shrinkage_pairs",
)

SECOND_ORDER = Udf(
    name="second_order",
    arguments=(
        *EFFECTS,
        Argument(
            "options",
            "STRUCT",
            "ci_level; credibility, the share of true means that the credibility interval holds. "
            "Default, also for NULL: 0.95, 0.8",
            options=SECOND_ORDER_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "first-order meta-analyses: complete pairs"),
        *row_status("no_data", partial=("single_study",)),
        *doubles(
            "unit of yi",
            estimate="second-order mean, weights 1 / vi",
            se="its standard error, sqrt(variance_observed / k); NULL for one meta-analysis",
            ci_low="lower normal confidence limit",
            ci_high="upper normal confidence limit",
        ),
        *doubles(
            "unit of yi squared",
            variance_observed="weighted variance of the means between meta-analyses",
            variance_sampling="what second-order sampling error alone is expected to give",
            variance_true="the difference, not below 0: variance of the true means",
        ),
        *doubles(
            "fraction", proportion_sampling="variance_sampling / variance_observed, at most 1"
        ),
        *doubles(
            "unit of yi",
            cr_low="lower limit of the credibility interval of the true means, normal",
            cr_high="upper limit",
        ),
    ),
    description="Second-order meta-analysis: how much means of meta-analyses differ beyond chance",
    source="Schmidt & Oh 2013; Schmidt & Hunter 2015",
    kernel="regression.second_order:second_order",
)

_K = Field("k", "INTEGER", "count", "effects with a value, a variance and a cluster")
_NESTED_STATUS = ("no_data", "single_cluster", "not_identified", "not_converged")


def _components(between: str, within: str) -> tuple[Field, ...]:
    return (
        *doubles(
            "unit of yi squared",
            **{
                between: "variance between clusters",
                within: "variance between effects of a cluster",
            },
        ),
        *doubles("1", log_likelihood="full log-likelihood, restricted for REML"),
        *doubles("1", q="weighted squares around the mean at both variances 0"),
        *doubles("count", q_df="k - 1"),
        *doubles("probability", q_p="p of Q against chi-square"),
        *doubles(
            "percent",
            i2_total="both variances, of the total variance of a typical effect",
            i2_between="the variance between clusters, of that total",
            i2_within="the variance within clusters, of that total",
        ),
    )


POOL_THREE_LEVEL = Udf(
    name="pool_three_level",
    arguments=(
        _YI,
        _VI,
        Argument("cluster", "VARCHAR[]", "label of the cluster (study, sample) of each effect"),
        Argument(
            "options",
            "STRUCT",
            "method REML, ML; ci_method z, t; ci_level. Default, also for NULL: REML, t, 0.95",
            options=THREE_LEVEL_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        _K,
        Field("clusters", "INTEGER", "count", "clusters of these effects"),
        *row_status(*_NESTED_STATUS, partial=("single_study",)),
        *_POOLED,
        *doubles("1", statistic="estimate / se"),
        *doubles("count", df="k - 1, degrees of freedom of the t test; NULL for the normal"),
        *doubles("probability", p_value="two-sided p of the pooled effect"),
        *_components("sigma2_between", "sigma2_within"),
        *doubles(
            "unit of yi",
            cr2_se="cluster-robust standard error, CR2",
            cr2_ci_low="lower limit of the robust interval",
            cr2_ci_high="upper limit of the robust interval",
        ),
        *doubles("1", cr2_statistic="estimate / cr2_se; NULL when that is 0"),
        *doubles("count", cr2_df="Satterthwaite degrees of freedom; below 4 do not rely on cr2_p"),
        *doubles("probability", cr2_p="two-sided p by the robust test"),
    ),
    description="Three-level meta-analysis: effects within clusters within a population",
    source=(
        "Konstantopoulos 2011; Van den Noortgate and others 2013; Cheung 2014; "
        "Pustejovsky & Tipton 2018"
    ),
    kernel="regression.pool_three_level:pool_three_level",
)

POOL_CORRELATED = Udf(
    name="pool_correlated",
    arguments=(
        _YI,
        _VI,
        Argument("cluster", "VARCHAR[]", "label of the study that each effect comes from"),
        Argument(
            "options",
            "STRUCT",
            "model CHE, CE (no variance within studies); method REML, ML; rho, correlation of "
            "sampling errors within a study, between 0 and 1; ci_level. Default, also for NULL: "
            "CHE, REML, 0.6, 0.95",
            options=CORRELATED_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        _K,
        Field("clusters", "INTEGER", "count", "studies of these effects"),
        *row_status(*_NESTED_STATUS, partial=("single_study", "low_df")),
        *_POOLED[:1],
        *doubles(
            "unit of yi",
            se="cluster-robust standard error, CR2",
            ci_low="lower limit of the robust interval",
            ci_high="upper limit of the robust interval",
        ),
        *doubles("1", statistic="estimate / se; NULL when se is 0"),
        *doubles("count", df="Satterthwaite degrees of freedom; below 4 the status is low_df"),
        *doubles("probability", p_value="two-sided p of the pooled effect"),
        *doubles("unit of yi", se_model="standard error if the working model were true"),
        *_components("tau2", "omega2"),
    ),
    description="Meta-analysis of several correlated effects per study, cluster-robust",
    source=(
        "Pustejovsky & Tipton 2022; Hedges, Tipton & Johnson 2010; Tipton 2015; "
        "Pustejovsky & Tipton 2018"
    ),
    kernel="regression.pool_correlated:pool_correlated",
)

POOL_BAYES = Udf(
    name="pool_bayes",
    arguments=(
        _YI,
        _VI,
        Argument(
            "options",
            "STRUCT",
            "prior of tau half_normal, half_cauchy, with its scale in the unit of yi; mean_prior "
            "flat, normal (with mean and mean_sd); ci_level. Default, also for NULL: half_normal, "
            "0.5, flat, 0.95",
            options=BAYES_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("k", "INTEGER", "count", "effects pooled: pairs without NULL, NaN or infinity"),
        *row_status("single_study", "no_data", "not_converged"),
        *doubles(
            "unit of yi",
            estimate="posterior mean of the mean effect mu",
            sd="its posterior standard deviation; NULL where infinite: half_cauchy, flat, k = 2",
            median="posterior median of mu",
            ci_low="lower limit of the equal-tailed credible interval of mu",
            ci_high="upper limit",
        ),
        *doubles("probability", p_positive="posterior probability that mu > 0"),
        *doubles(
            "unit of yi",
            tau_mean="posterior mean of the between-study standard deviation tau",
            tau_sd="its posterior standard deviation; NULL where sd is",
            tau_median="posterior median of tau",
            tau_ci_low="lower limit of the equal-tailed credible interval of tau",
            tau_ci_high="upper limit",
            pi_low="lower limit of the predictive interval of a new study's effect",
            pi_high="upper limit",
        ),
        *doubles(
            "natural logarithm",
            log_marginal_likelihood="of the model; NULL under a flat mean_prior, which leaves it "
            "undefined",
            log_bf10="Bayes factor for mu free against mu = 0; NULL likewise",
        ),
    ),
    description="Bayesian random-effects meta-analysis by deterministic quadrature",
    source="Roever 2020; Friede and others 2017; Gelman 2006; Gronau and others 2017",
    kernel="regression.pool_bayes:pool_bayes",
)

REGRESSION = (
    META_REGRESSION,
    POOL_GLS,
    POOL_GLS_PAIRS,
    CORRELATION_SHRINKAGE,
    CORRELATION_SHRINKAGE_PAIRS,
    SECOND_ORDER,
    POOL_THREE_LEVEL,
    POOL_CORRELATED,
    POOL_BAYES,
)
