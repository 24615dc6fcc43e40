"""Functions that show how far a pooled effect depends on its studies."""

from python_udfs.catalogue.entry import Argument, Field, Udf, row_status
from python_udfs.catalogue.pooling import EFFECTS
from python_udfs.catalogue.regression import CORRELATIONS
from python_udfs.kernels.labels import STATUSES
from python_udfs.kernels.options import Choice
from python_udfs.kernels.regression.options import LEAVE_ONE_OUT_GLS_OPTIONS
from python_udfs.kernels.sensitivity.options import (
    CEILING_OPTIONS,
    COVERAGES,
    GOSH_OPTIONS,
    INFLUENCE_OPTIONS,
    REFIT_OPTIONS,
)

_MEANING = {
    "max_subsets": " (beyond as many, that many are drawn)",
    "seed": " (of the draw, a whole number from 0)",
}


def _options(options: tuple) -> Argument:
    """The options argument: every key with its names, then the defaults."""
    keys = [
        f"{option.key} {', '.join(option.names)}"
        if isinstance(option, Choice)
        else f"{option.key}{_MEANING.get(option.key, '')}"
        for option in options
    ]
    defaults = ", ".join(str(option.default) for option in options)
    text = f"{'; '.join(keys)}. Methods as for pool. Default, also for NULL: {defaults}"
    return Argument("options", "STRUCT", text, options=options, is_optional=True)


_STATUSES = Field(
    "statuses", "VARCHAR[]", "code", "status of each fit without this study", STATUSES
)
_K = Field("k", "INTEGER", "count", "complete pairs of the list")
_FITS = ("single_study", "no_data", "not_converged")
_REFITS = ("no_data", "not_converged")
_CAREFUL = ("no_variation", "low_df")


def _lists(unit: str, **descriptions: str) -> tuple[Field, ...]:
    return tuple(Field(name, "DOUBLE[]", unit, text) for name, text in descriptions.items())


def _refits(which: str) -> tuple[Field, ...]:
    """One list per quantity of the fits ``which``, at the positions of the input list."""
    return (
        *_lists(
            "unit of yi",
            estimate=f"pooled effect {which}; NULL where a pair is incomplete",
            se=f"its standard error {which}",
            ci_low=f"lower confidence limit {which}",
            ci_high=f"upper confidence limit {which}",
        ),
        *_lists("1", statistic=f"estimate / se {which}"),
        *_lists("probability", p_value=f"two-sided p {which}"),
        *_lists("unit of yi squared", tau2=f"between-study variance {which}; NULL for one study"),
        *_lists("1", q=f"Cochran's Q {which}"),
        *_lists("probability", q_p=f"p of Q {which}"),
        *_lists("percent", i2_q=f"I² from Q {which}", i2_tau2=f"I² from τ² {which}"),
        *_lists(
            "unit of yi",
            pi_low=f"lower prediction limit {which}; NULL where pool has none",
            pi_high=f"upper prediction limit {which}",
        ),
    )


LEAVE_ONE_OUT = Udf(
    name="leave_one_out",
    arguments=(*EFFECTS, _options(REFIT_OPTIONS)),
    returns=(
        _K,
        *row_status("single_study", *_REFITS, partial=_CAREFUL),
        _STATUSES,
        *_refits("without this study"),
    ),
    description="The meta-analysis without each study in turn; single_study when there is no other",
    source="Viechtbauer & Cheung 2010; each fit as by pool",
    kernel="sensitivity.leave_one_out:leave_one_out",
)

LEAVE_ONE_OUT_GLS = Udf(
    name="leave_one_out_gls",
    arguments=(
        *EFFECTS,
        CORRELATIONS,
        Argument(
            "options",
            "STRUCT",
            "default_correlation of pairs that are not listed; tau2_method REML, DL, PM, CE, ML, "
            "EB, HE, HS, HSk, SJ, PMM; ci_method z, t, HK, HK_adhoc; pi_method HTS, V, none, z, "
            "HK, HK_PR; ci_level. Default, also for NULL: 0, REML, HK_adhoc, V, 0.95",
            options=LEAVE_ONE_OUT_GLS_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        _K,
        *row_status(
            "single_study",
            *_REFITS,
            "not_positive_definite",
            "too_many_effects",
            partial=("no_variation",),
            faults=("lengths_differ", "out_of_range", "repeated_pair"),
        ),
        _STATUSES,
        *_refits("without this study"),
    ),
    description="The pool of correlated effects without each in turn, from one decomposition",
    source="Golub 1973 (eigenvalues without a row and column); each fit as by pool_gls",
    kernel="sensitivity.leave_one_out_gls:leave_one_out_gls",
)

CUMULATIVE = Udf(
    name="cumulative",
    arguments=(*EFFECTS, _options(REFIT_OPTIONS)),
    returns=(
        _K,
        *row_status(*_REFITS, partial=_CAREFUL),
        *_refits("of the studies up to this one"),
    ),
    description="The meta-analysis study by study, in the order of the lists",
    source="Lau and others 1992; each fit as by pool",
    kernel="sensitivity.leave_one_out:cumulative",
)

INFLUENCE = Udf(
    name="influence",
    arguments=(*EFFECTS, _options(INFLUENCE_OPTIONS)),
    returns=(
        _K,
        *row_status(*_FITS),
        *_lists(
            "1",
            rstudent="externally standardised residual; NULL where a pair is incomplete",
            dffits="change of the fitted value in its standard errors",
            cook_d="Cook's distance: squared change of the estimate over its variance",
            cov_ratio="variance of the estimate without the study over that with it",
            dfbetas="change of the estimate in its standard errors",
        ),
        *_lists("unit of yi squared", tau2_deleted="tau2 without the study; 0 if one is left"),
        *_lists("1", q_deleted="Cochran's Q without the study; NULL if one is left"),
        *_lists("fraction", hat="hat value, equal to the weight"),
        Field(
            "is_influential",
            "BOOLEAN[]",
            "true or false",
            "whether |dffits| > 3 / sqrt(k - 1), cook_d beyond the chi-square median with 1 df, "
            "hat > 3 / k or |dfbetas| > 1",
        ),
    ),
    description="Case-deletion diagnostics of every study; single_study when there is no other",
    source="Viechtbauer & Cheung 2010; metafor's influence",
    kernel="sensitivity.influence:influence",
)

BAUJAT = Udf(
    name="baujat",
    arguments=(*EFFECTS, _options(INFLUENCE_OPTIONS)),
    returns=(
        _K,
        *row_status(*_FITS),
        *_lists(
            "1",
            heterogeneity="(yi - estimate)^2 / (vi + tau2); sums to Q under CE",
            influence="squared change of the estimate without the study over its variance then",
        ),
    ),
    description="Coordinates of the Baujat plot: heterogeneity against influence of every study",
    source="Baujat, Mahe, Pignon & Hill 2002",
    kernel="sensitivity.influence:baujat",
)

CREDIBILITY_CEILING = Udf(
    name="credibility_ceiling",
    arguments=(
        *EFFECTS,
        Argument(
            "ceilings",
            "DOUBLE[]",
            "least probability left to an effect of the other sign, each in [0, 0.5)",
        ),
        _options(CEILING_OPTIONS),
    ),
    returns=(
        _K,
        *row_status(*_REFITS, partial=_CAREFUL, at="position in yi and vi, or in ceilings"),
        *_lists(
            "unit of yi",
            estimate="pooled effect under each ceiling",
            se="its standard error",
            ci_low="lower confidence limit",
            ci_high="upper confidence limit",
        ),
        *_lists("probability", p_value="two-sided p of the pooled effect"),
        *_lists("unit of yi squared", tau2="between-study variance; NULL for one study"),
        *_lists("percent", i2_q="I² from Q"),
    ),
    description="The meta-analysis when no study may be surer of its sign than a ceiling allows",
    source="Salanti & Ioannidis 2009; each fit as by pool",
    kernel="sensitivity.ceilings:credibility_ceiling",
)

GOSH = Udf(
    name="gosh",
    arguments=(*EFFECTS, _options(GOSH_OPTIONS)),
    returns=(
        _K,
        *row_status(
            "no_data",
            "not_converged",
            faults=("lengths_differ", "out_of_range", "too_many_effects"),
        ),
        Field("coverage", "VARCHAR", "code", "all subsets, or sampled ones", COVERAGES),
        Field("subsets", "INTEGER", "count", "length of the lists that follow"),
        Field("members", "VARCHAR[]", "text", "1 for each study of the subset, 0 for the others"),
        Field("subset_k", "INTEGER[]", "count", "studies of the subset"),
        *_lists("unit of yi", estimate="pooled effect of the subset"),
        *_lists("unit of yi squared", tau2="between-study variance; NULL for one study"),
        *_lists("1", q="Cochran's Q; NULL for one study"),
        *_lists("percent", i2_q="I² from Q; NULL for one study", i2_tau2="I² from τ²; likewise"),
    ),
    description="The meta-analysis of every subset of the studies, or of a sample of them",
    source="Olkin, Dahabreh & Trikalinos 2012",
    kernel="sensitivity.gosh:gosh",
)

SENSITIVITY = (
    LEAVE_ONE_OUT,
    LEAVE_ONE_OUT_GLS,
    CUMULATIVE,
    INFLUENCE,
    BAUJAT,
    CREDIBILITY_CEILING,
    GOSH,
)
