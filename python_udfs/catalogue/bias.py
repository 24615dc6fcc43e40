"""Functions for small-study effects: tests of them, and estimates that allow for them."""

from python_udfs.catalogue.entry import Argument, Field, Udf, doubles, row_status
from python_udfs.kernels.bias.options import (
    CHOSEN,
    COUNT_TEST_OPTIONS,
    EGGER_OPTIONS,
    EGGER_SMD_OPTIONS,
    EXCESS_OPTIONS,
    FAIL_SAFE_OPTIONS,
    FILLED_SIDES,
    LIMIT_OPTIONS,
    P_METHODS,
    P_UNIFORM_OPTIONS,
    PET_PEESE_OPTIONS,
    SELECTION_OPTIONS,
    TRIM_AND_FILL_OPTIONS,
)
from python_udfs.kernels.pooling.options import CI_METHOD, TAU2_METHOD

EFFECTS = (
    Argument("yi", "DOUBLE[]", "effects on the analysis scale (logarithms of ratios)"),
    Argument("vi", "DOUBLE[]", "their sampling variances, positive, in the same order"),
)
TABLES = (
    Argument("ai", "DOUBLE[]", "events in group 1, one element per study"),
    Argument("n1", "DOUBLE[]", "people in group 1, positive"),
    Argument("ci", "DOUBLE[]", "events in group 2"),
    Argument("n2", "DOUBLE[]", "people in group 2, positive"),
)
K = Field("k", "INTEGER", "count", "studies used: elements without NULL, NaN or infinity")
FEW = ("no_data", "too_few_studies")
LINE = (*FEW, "no_variation", "not_converged")
TAU2_NAMES = ", ".join(TAU2_METHOD.names)


def _options(description: str, options: tuple) -> Argument:
    return Argument("options", "STRUCT", description, options=options, is_optional=True)


def _effect(what: str) -> tuple[Field, ...]:
    return (
        *doubles(
            "unit of yi",
            estimate=what,
            se="its standard error",
            ci_low="lower confidence limit",
            ci_high="upper confidence limit",
        ),
        *doubles("1", statistic="estimate / se; NULL when se is 0"),
    )


def _test(unit: str, limit: str) -> tuple[Field, ...]:
    return (
        *doubles(
            unit,
            bias="small-study effect: slope on the predictor",
            bias_se="its standard error",
            bias_ci_low="lower limit of the slope, from the distribution of the test",
            bias_ci_high="upper limit of the slope",
        ),
        *doubles("1", statistic="bias / bias_se; NULL when bias_se is 0"),
        *doubles("count", df="degrees of freedom of the t distribution; NULL for the normal"),
        *doubles("probability", p_value="two-sided p of no small-study effect"),
        *doubles(
            "unit of yi",
            limit_estimate=limit,
            limit_se="its standard error",
            limit_ci_low="lower confidence limit",
            limit_ci_high="upper confidence limit",
        ),
    )


_EGGER_FIELDS = (
    K,
    *row_status(*LINE),
    *_test("unit of yi per unit of the predictor", "effect expected where the predictor is 0"),
    *doubles("unit of yi squared", tau2="residual between-study variance; NULL for lm"),
    *doubles("1", dispersion="factor on the variances: estimated for lm, 1 for random"),
)

EGGER_TEST = Udf(
    name="egger_test",
    arguments=(
        *EFFECTS,
        _options(
            "form lm (weights 1 / vi, dispersion, t) or random (REML, normal); predictor se, vi; "
            "ci_level. Default, also for NULL: lm, se, 0.95",
            EGGER_OPTIONS,
        ),
    ),
    returns=_EGGER_FIELDS,
    description="Egger's regression test for small-study effects",
    source="Egger and others 1997; Sterne & Egger 2005",
    kernel="bias.egger:egger_test",
)

EGGER_TEST_SMD = Udf(
    name="egger_test_smd",
    arguments=(
        *EFFECTS,
        Argument("n1", "DOUBLE[]", "size of group 1, positive"),
        Argument("n2", "DOUBLE[]", "size of group 2, positive"),
        _options(
            "form lm, random; weights vi, n (variances of the weights: vi or 1/n1 + 1/n2); "
            "ci_level. Default, also for NULL: lm, vi, 0.95",
            EGGER_SMD_OPTIONS,
        ),
    ),
    returns=_EGGER_FIELDS,
    description="Egger's test for standardised mean differences: predictor sqrt(1/n1 + 1/n2)",
    source="Pustejovsky & Rodgers 2019",
    kernel="bias.egger:egger_test_smd",
)

BEGG_TEST = Udf(
    name="begg_test",
    arguments=EFFECTS,
    returns=(
        K,
        *row_status(*FEW, "no_variation", "not_converged"),
        *doubles(
            "1",
            kendall_tau="rank correlation (tau-b) of standardised effects and variances",
            statistic="z of the normal test; NULL when p is exact",
        ),
        *doubles("probability", p_value="two-sided p"),
        Field("p_method", "VARCHAR", "text", "exact (no ties, k up to 500) or normal", P_METHODS),
    ),
    description="Rank correlation test for small-study effects",
    source="Begg & Mazumdar 1994",
    kernel="bias.begg:begg_test",
)


def _count_test(name, description, predictor, limit, source):
    return Udf(
        name=name,
        arguments=(
            *TABLES,
            _options("ci_level. Default, also for NULL: 0.95", COUNT_TEST_OPTIONS),
        ),
        returns=(
            Field("k", "INTEGER", "count", "studies used: some people with and some without event"),
            *row_status(*LINE),
            *_test(f"log odds ratio per unit of {predictor}", limit),
        ),
        description=description,
        source=source,
        kernel=f"bias.counts:{name}",
    )


HARBORD_TEST = _count_test(
    "harbord_test",
    "Harbord's score test for small-study effects in odds ratios",
    "1 / sqrt(V)",
    "log odds ratio expected at infinite V",
    "Harbord, Egger & Sterne 2006",
)

PETERS_TEST = _count_test(
    "peters_test",
    "Peters's regression test for small-study effects in odds ratios: predictor 1 / N",
    "1 / N",
    "log odds ratio expected at infinite N",
    "Peters and others 2006",
)

TRIM_AND_FILL = Udf(
    name="trim_and_fill",
    arguments=(
        *EFFECTS,
        _options(
            "side (where studies are missing) auto, left, right; estimator L0, R0, Q0; "
            f"tau2_method {TAU2_NAMES} (DL2 not with auto); "
            f"ci_method {', '.join(CI_METHOD.names)}; ci_level. "
            f"Default, also for NULL: auto, L0, {TAU2_METHOD.default}, {CI_METHOD.default}, 0.95",
            TRIM_AND_FILL_OPTIONS,
        ),
    ),
    returns=(
        K,
        *row_status(*LINE),
        *doubles(
            "count",
            k0="studies missing, as estimated and filled in",
            k0_se="its standard error; NULL where the formula for its square is negative",
        ),
        *doubles(
            "probability", k0_p="p of that many missing or more when none is; NULL but for R0"
        ),
        Field("side", "VARCHAR", "text", "side on which they are missing", FILLED_SIDES),
        *_effect("pooled effect of the filled data"),
        *doubles("count", df="degrees of freedom of the t distribution; NULL for the normal"),
        *doubles("probability", p_value="two-sided p of the pooled effect"),
        *doubles("unit of yi squared", tau2="between-study variance of the filled data"),
        Field("filled_yi", "DOUBLE[]", "unit of yi", "effects filled in"),
        Field("filled_vi", "DOUBLE[]", "unit of yi squared", "their variances"),
    ),
    description="Trim and fill: missing studies and the pooled effect with them filled in",
    source="Duval & Tweedie 2000",
    kernel="bias.trim_and_fill:trim_and_fill",
)


def _named(prefix: str, what: str) -> tuple[Field, ...]:
    return (
        *doubles(
            "unit of yi",
            **{
                f"{prefix}_estimate": f"effect expected at SE = 0 by {what}",
                f"{prefix}_se": "its standard error",
                f"{prefix}_ci_low": "lower confidence limit",
                f"{prefix}_ci_high": "upper confidence limit",
            },
        ),
        *doubles("1", **{f"{prefix}_statistic": "estimate / se; NULL when se is 0"}),
        *doubles("probability", **{f"{prefix}_p": "two-sided p"}),
    )


PET_PEESE = Udf(
    name="pet_peese",
    arguments=(
        *EFFECTS,
        _options(
            "direction of the one-sided test: auto (side of the common-effect mean), positive, "
            "negative; pet_alpha; ci_level. Default, also for NULL: auto, 0.10, 0.95",
            PET_PEESE_OPTIONS,
        ),
    ),
    returns=(
        K,
        *row_status(*LINE),
        Field(
            "chosen", "VARCHAR", "text", "PEESE if pet_p_one_sided < pet_alpha, else PET", CHOSEN
        ),
        *_effect("effect expected at SE = 0 by the chosen one"),
        *doubles("count", df="k - 2, of all three"),
        *doubles(
            "probability",
            p_value="two-sided p of the chosen one",
            pet_p_one_sided="one-sided p of PET in the direction",
        ),
        *_named("pet", "PET (line on SE)"),
        *_named("peese", "PEESE (line on SE squared)"),
    ),
    description="Precision-effect estimates PET and PEESE, and the one the conditional rule takes",
    source="Stanley & Doucouliagos 2014; Stanley 2017",
    kernel="bias.pet_peese:pet_peese",
)

LIMIT_META_ANALYSIS = Udf(
    name="limit_meta_analysis",
    arguments=(
        *EFFECTS,
        _options(
            f"tau2_method {TAU2_NAMES}; adjustment beta0, betalim, mulim; ci_level. "
            f"Default, also for NULL: {TAU2_METHOD.default}, beta0, 0.95",
            LIMIT_OPTIONS,
        ),
    ),
    returns=(
        K,
        *row_status(*LINE),
        *_effect("effect expected of a study with infinite precision"),
        *doubles("probability", p_value="two-sided p, normal"),
        *doubles("1", bias="small-study effect alpha", bias_se="its standard error"),
        *doubles("unit of yi", beta="effect beta of the model", beta_se="its standard error"),
        *doubles("unit of yi squared", tau2="between-study variance of the ordinary model"),
        *doubles("1", q_small="part of Cochran's Q due to the small-study effect"),
        *doubles("probability", q_small_p="its p, chi-square on 1 df"),
        *doubles("1", q_residual="part of Q that the small-study effect leaves"),
        *doubles("probability", q_residual_p="its p, chi-square on k - 2 df"),
        *doubles("percent", g2="G2: heterogeneity that the limit radial line does not explain"),
    ),
    description="Limit meta-analysis: effect at infinite precision under a small-study effect",
    source="Ruecker and others 2011 (Biostatistics 12, 122-142; R package metasens)",
    kernel="bias.limit:limit_meta_analysis",
)

SELECTION_MODEL = Udf(
    name="selection_model",
    arguments=(
        *EFFECTS,
        _options(
            "alternative greater, less, two_sided (which p was selected); step; ci_level. "
            "Default, also for NULL: greater, 0.025, 0.95",
            SELECTION_OPTIONS,
        ),
    ),
    returns=(
        K,
        Field("k_significant", "INTEGER", "count", "studies with p at or below the step"),
        *row_status(*FEW, "empty_interval", "not_converged"),
        *_effect("mean effect, allowing for selection"),
        *doubles("probability", p_value="two-sided p, normal"),
        *doubles(
            "unit of yi squared",
            tau2="between-study variance",
            tau2_se="its standard error; NULL when tau2 is 0",
        ),
        *doubles(
            "1",
            delta="relative chance of being seen for p above the step",
            delta_se="its standard error",
            delta_ci_low="lower limit, normal, at least 0",
            delta_ci_high="upper limit, normal",
            lr_statistic="likelihood ratio statistic of delta = 1",
        ),
        *doubles("count", lr_df="1"),
        *doubles("probability", lr_p="p of no selection, chi-square"),
        *doubles(
            "log density",
            log_likelihood="log-likelihood of the selection model",
            log_likelihood_unselected="log-likelihood with delta = 1",
        ),
    ),
    description="Three-parameter selection model (one step), maximum likelihood",
    source="Vevea & Hedges 1995; McShane, Boeckenholt & Hansen 2016",
    kernel="bias.selection_model:selection_model",
)

EXCESS_SIGNIFICANCE = Udf(
    name="excess_significance",
    arguments=(
        *EFFECTS,
        _options(
            f"tau2_method {TAU2_NAMES}; alternative two_sided, greater, less (the studies' tests); "
            f"alpha (theirs). Default, also for NULL: {TAU2_METHOD.default}, two_sided, 0.05",
            EXCESS_OPTIONS,
        ),
    ),
    returns=(
        K,
        *row_status(*FEW, "not_converged"),
        *doubles(
            "count",
            observed="significant studies",
            expected="significant studies expected: sum of the powers",
        ),
        *doubles("1", ratio="observed / expected; NULL when expected is 0"),
        *doubles("unit of yi", theta="effect at which power is computed"),
        *doubles("unit of yi squared", tau2="between-study variance, over which it is averaged"),
        *doubles("1", chi2="chi-square statistic; NULL when expected is 0 or k"),
        *doubles(
            "probability",
            p_chi2="one-sided p (more than expected) of the chi-square test",
            p_binomial="the same by the binomial test at average power",
            p_exact="the same from each study's own power",
        ),
        *doubles(
            "count",
            observed_directed="significant two-sided, in the direction of the common-effect mean",
            expected_directed="expected of those, at the common-effect mean",
        ),
        *doubles("1", tess_z="TESS: excess share against 0.05"),
        *doubles("probability", tess_p="its one-sided p"),
        *doubles("1", psst_z="PSST: share against its expectation; NULL when that is 0 or 1"),
        *doubles(
            "probability",
            psst_p="its one-sided p",
            tess_psst_p_bonferroni="min(1, 2 min(tess_p, psst_p)): either of the two, Bonferroni",
        ),
    ),
    description="Tests of excess significance: Ioannidis-Trikalinos, TESS, PSST",
    source="Ioannidis & Trikalinos 2007; Stanley and others 2021",
    kernel="bias.excess:excess_significance",
)

TESS_PSST = Udf(
    name="tess_psst",
    arguments=(
        *EFFECTS,
        Argument("df", "DOUBLE[]", "degrees of freedom of each study's test; 1e12: normal"),
        Argument("tau2", "DOUBLE", "between-study variance, 0 or more, for the power"),
    ),
    returns=(
        K,
        *row_status(*FEW, "missing_input"),
        *doubles(
            "count",
            observed="studies significant at 0.05, two-sided, on either side",
            expected="sum of their powers",
        ),
        *doubles("unit of yi", theta="common-effect mean, the effect that power is for"),
        *doubles("1", tess_z="statistic of TESS"),
        *doubles("probability", tess_p="one-sided p of TESS"),
        *doubles("1", psst_z="statistic of PSST"),
        *doubles(
            "probability",
            psst_p="one-sided p of PSST",
            p_smaller="the smaller of both, as metaumbrella's TESSPSST",
            p_bonferroni="twice the smaller, at most 1",
        ),
    ),
    description="TESS and PSST with significance counted on either side, as metaumbrella does",
    source="Stanley and others 2021; Gosling and others 2023",
    kernel="bias.tess_psst:tess_psst",
)

P_UNIFORM_STAR = Udf(
    name="p_uniform_star",
    arguments=(
        *EFFECTS,
        _options(
            "alternative greater, less (the side of significant effects); alpha, two-sided, of the "
            "studies; ci_level. Default, also for NULL: greater, 0.05, 0.95",
            P_UNIFORM_OPTIONS,
        ),
    ),
    returns=(
        K,
        Field("k_significant", "INTEGER", "count", "studies significant on that side"),
        *row_status(*FEW, "not_identified", "not_converged"),
        *doubles(
            "unit of yi",
            estimate="mean effect given which studies are significant",
            se="its standard error, from the Hessian",
            ci_low="lower profile likelihood limit; NULL when there is none",
            ci_high="upper profile likelihood limit; NULL when there is none",
        ),
        *doubles(
            "1",
            statistic="likelihood ratio of no effect; NULL where mu = 0 has no maximum in tau2",
        ),
        *doubles("probability", p_value="its p, chi-square on 1 df"),
        *doubles(
            "unit of yi squared",
            tau2="between-study variance",
            tau2_ci_low="lower profile likelihood limit, 0 when the profile does not fall enough",
            tau2_ci_high="upper profile likelihood limit; NULL when there is none",
        ),
        *doubles(
            "1", bias_statistic="twice the log-likelihood lost by the random-effects estimates"
        ),
        *doubles("probability", bias_p="p of no publication bias, chi-square on 2 df"),
        *doubles("log density", log_likelihood="log-likelihood at the estimates"),
    ),
    description="p-uniform*: effect and τ² given the significance of each study, by ML",
    source="van Aert & van Assen 2018 (R package puniform, puni_star, method ML)",
    kernel="bias.p_uniform_star:p_uniform_star",
)

FAIL_SAFE_N = Udf(
    name="fail_safe_n",
    arguments=(
        *EFFECTS,
        _options(
            "alpha; orwin_mean plain, weighted; orwin_target (size of effect, above 0). Default, "
            "also for NULL: 0.05, plain, half the mean",
            FAIL_SAFE_OPTIONS,
        ),
    ),
    returns=(
        K,
        *row_status("no_data"),
        *doubles(
            "count",
            rosenthal="null results that raise Stouffer's one-sided p to alpha",
            orwin="studies of effect 0 that bring the mean down to the target",
        ),
        *doubles("unit of yi", orwin_target="size of the effect aimed at"),
        *doubles(
            "count", rosenberg="average studies of effect 0 that raise the common-effect p to alpha"
        ),
    ),
    description="Fail-safe N, discouraged: unseen null results that would undo the finding",
    source="Rosenthal 1979; Orwin 1983; Rosenberg 2005",
    kernel="bias.fail_safe:fail_safe_n",
)

BIAS = (
    EGGER_TEST,
    EGGER_TEST_SMD,
    BEGG_TEST,
    HARBORD_TEST,
    PETERS_TEST,
    TRIM_AND_FILL,
    PET_PEESE,
    LIMIT_META_ANALYSIS,
    SELECTION_MODEL,
    EXCESS_SIGNIFICANCE,
    TESS_PSST,
    P_UNIFORM_STAR,
    FAIL_SAFE_N,
)
