"""What a conversion had to assume; the position in a table is the code that kernels return."""

# in the order of options.RULE
ODDS_ASSUMPTIONS = (
    "logistic outcome: log odds ratio divided by pi / sqrt(3)",
    "normal outcome with a cut point (Cox): log odds ratio divided by 1.65",
)

# in the order of options.CORRECTION
_CORRECTIONS = (
    "",
    "; J approximate: 1 - 3 / (4 m - 1)",
    "; not corrected for small samples (J = 1)",
)

# in the order of options.VARIANCE_FORM, then the variance that needs no form
_SMD_FORMS = (
    "variance form LS: 1/n1 + 1/n2 + g^2 / (2 N)",
    "variance form LS2: J^2 (1/n1 + 1/n2 + d^2 / (2 N))",
    "variance form UB: 1/n1 + 1/n2 + (1 - (m - 2) / (m J^2)) g^2",
    "variance form H0: J^2 (1/n1 + 1/n2) m / (m - 2)",
    "variance form AV: 1/n1 + 1/n2 + mean_g^2 / (2 N)",
    "variance form RM: 1/n1 + 1/n2 + g^2 / (2 (N - 3.94))",
    "variance of d given: multiplied by J^2",
)
GIVEN_VARIANCE = 6


def _with_corrections(forms):
    """Every form with every correction; the code is correction * len(forms) + form."""
    return tuple(form + correction for correction in _CORRECTIONS for form in forms)


SMD_ASSUMPTIONS = _with_corrections(_SMD_FORMS)


def smd_assumption(form, correction):
    """Code in SMD_ASSUMPTIONS."""
    return correction * len(_SMD_FORMS) + form


# in the order of options.SMDH_VARIANCE_FORM
_SMDH_FORMS = (
    "variances of the groups may differ (Bonett 2008)",
    "variances of the groups may differ (Bonett 2008); variance multiplied by J^2",
)
SMDH_ASSUMPTIONS = _with_corrections(_SMDH_FORMS)


def smdh_assumption(form, correction):
    """Code in SMDH_ASSUMPTIONS."""
    return correction * len(_SMDH_FORMS) + form


_ANCOVA_KINDS = (
    "SD adjusted for the covariate: divided by sqrt(1 - r^2)",
    "SD not adjusted for the covariate",
    "t or F of the covariate-adjusted difference: multiplied by sqrt(1 - r^2)",
)
FROM_ANCOVA_TEST = 2
ANCOVA_ASSUMPTIONS = _with_corrections(_ANCOVA_KINDS)


def ancova_assumption(kind, correction):
    """Code in ANCOVA_ASSUMPTIONS."""
    return correction * len(_ANCOVA_KINDS) + kind


# in the order of options.CHANGE_VARIANCE_FORM
_SMCC_FORMS = (
    "standardised by the SD of change; variance form LS: 1/n + g^2 / (2 n)",
    "standardised by the SD of change; variance form LS2: J^2 (1/n + d^2 / (2 n))",
)
SMCC_ASSUMPTIONS = _with_corrections(_SMCC_FORMS)
_SMCR_FORMS = (
    "standardised by the SD before; variance form LS: 2 (1 - r) / n + g^2 / (2 n)",
    "standardised by the SD before; variance form LS2: J^2 (2 (1 - r) / n + d^2 / (2 n))",
)
SMCR_ASSUMPTIONS = _with_corrections(_SMCR_FORMS)


def change_assumption(form, correction):
    """Code in SMCC_ASSUMPTIONS and in SMCR_ASSUMPTIONS."""
    return correction * len(_SMCC_FORMS) + form


DPPC2_ASSUMPTIONS = _with_corrections(("one correlation and one SD for both arms before",))
CROSSOVER_ASSUMPTIONS = _with_corrections(("no carry-over; SD is the root mean square of the two",))

CHANGE_ASSUMPTIONS = ("SD of change from the SDs before and after and the given correlation",)
MD_CROSSOVER_ASSUMPTIONS = (
    "no carry-over; SD of the difference from both SDs and the given correlation",
)

# in the order of options.VARIANCES
MD_ASSUMPTIONS = (
    "variances of the groups may differ",
    "variances of the groups are equal: pooled",
)
# in the order of options.VARIANCES, options.ROM_CORRECTION and options.ROM_VARIANCE_FORM
ROM_ASSUMPTIONS = tuple(
    f"ratio scale; variances of the groups {variances}; {correction}; variance of {order} order"
    for variances in ("may differ", "are equal: pooled")
    for correction in ("bias of the logarithm corrected", "bias of the logarithm not corrected")
    for order in ("first", "second")
)

# in the order of options.COR_CORRECTION and options.COR_VARIANCE_FORM
COR_ASSUMPTIONS = (
    "bivariate normal; variance (1 - r^2)^2 / (n - 1)",
    "bivariate normal; r corrected (Olkin & Pratt); variance (1 - r^2)^2 / (n - 1)",
    "bivariate normal; r corrected (Olkin & Pratt); unbiased variance",
)
FISHER_Z_ASSUMPTIONS = ("bivariate normal; variance 1 / (n - 3)",)
R_FROM_FISHER_Z_ASSUMPTIONS = ("delta method: variance of z times (1 - r^2)^2",)
D_FROM_R_ASSUMPTIONS = ("r taken as that of an outcome with two groups of equal size",)
PHI_ASSUMPTIONS = ("phi taken as the correlation of an outcome with two groups of equal size",)
R_FROM_D_ASSUMPTIONS = ("groups of the given sizes; bivariate relation of r and d",)
# in the order of options.RPB_VARIANCE_FORM
RPB_ASSUMPTIONS = (
    "variance of d carried over to r",
    "variance for a sample drawn as a whole (cross-sectional)",
)

MEDIAN_ASSUMPTIONS = (
    "normal outcome; mean of Luo and others 2018, SD of Wan and others 2014 or Shi and others 2020",
    "normal outcome; mean and SD of Wan and others 2014",
)
RANGE_ASSUMPTIONS = ("normal outcome (Wan and others 2014)",)

AGGREGATE_ASSUMPTIONS = (
    "one correlation between all effects; equal weights",
    "one correlation between all effects; weights from the inverse covariance matrix",
)

BOUND_ASSUMPTIONS = (
    "p below the given value: the standard error is smaller than this bound",
    "p above the given value: the standard error is larger than this bound",
)
