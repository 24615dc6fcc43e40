"""Functions that give standardised mean differences of two independent groups."""

from python_udfs.catalogue.conversion_parts import (
    CORRECTION_CHOICE,
    FORM,
    SIGN,
    SIZES,
    SMD_CHOICES,
    TWO_GROUPS,
    smd,
)
from python_udfs.catalogue.entry import Argument, Udf, number
from python_udfs.kernels.conversions.assumptions import (
    ANCOVA_ASSUMPTIONS,
    ODDS_ASSUMPTIONS,
    SMD_ASSUMPTIONS,
    SMDH_ASSUMPTIONS,
)
from python_udfs.kernels.conversions.options import RULE, SD_KIND, SMDH_VARIANCE_FORM

_G = smd("standardised mean difference, group 1 minus group 2", SMD_ASSUMPTIONS)

SMD_FROM_MEANS = Udf(
    name="smd_from_means",
    arguments=(*TWO_GROUPS, FORM, SMD_CHOICES),
    returns=_G,
    description="Hedges' g (group 1 minus group 2) from means and standard deviations",
    source="Hedges 1981, 1982; Hedges & Olkin 1985",
    kernel="conversions.smd:smd_from_means",
)

G_FROM_D = Udf(
    name="g_from_d",
    arguments=(
        number("d", "Cohen's d of one trial"),
        number("vi", "variance of d; NULL to compute it from the group sizes"),
        *SIZES,
        FORM,
        SMD_CHOICES,
    ),
    returns=_G,
    description="Hedges' g from a trial's Cohen's d; a given variance is multiplied by J squared",
    source="Hedges 1981; Borenstein and others 2009, eq. 4.23 and 4.24",
    kernel="conversions.smd:g_from_d",
)

_SMDH_FORM = Argument(
    "variance_form", "VARCHAR", "LS, or LS_J2 (multiplied by J squared)", choice=SMDH_VARIANCE_FORM
)

SMDH_FROM_MEANS = Udf(
    name="smdh_from_means",
    arguments=(*TWO_GROUPS, _SMDH_FORM, CORRECTION_CHOICE),
    returns=smd("difference of means over the root mean square of the SDs", SMDH_ASSUMPTIONS),
    description="Standardised mean difference of groups whose variances differ (SMDH)",
    source="Bonett 2008; metafor measure SMDH",
    kernel="conversions.smd:smdh_from_means",
)


def _from_test(name, inputs, description, source):
    return Udf(
        name=name,
        arguments=(*inputs, *SIZES, FORM, SMD_CHOICES),
        returns=_G,
        description=description,
        source=source,
        kernel=f"conversions.from_tests:{name}",
    )


FROM_TESTS = (
    _from_test(
        "smd_from_t",
        (number("t", "Student's t of two independent groups, with the sign of the difference"),),
        "Hedges' g from an independent-groups t test",
        "Borenstein and others 2009, ch. 4; metafor escalc, argument ti",
    ),
    _from_test(
        "smd_from_f",
        (number("f", "F with (1, n1 + n2 - 2) degrees of freedom, 0 or more"), SIGN),
        "Hedges' g from a one-way F test of two groups",
        "Lipsey & Wilson 2001: t = sqrt(F)",
    ),
    _from_test(
        "smd_from_p",
        (number("p_value", "exact two-sided p of the t test, 0 < p <= 1"), SIGN),
        "Hedges' g from the two-sided p of an independent-groups t test",
        "Lipsey & Wilson 2001: t from the inverse distribution",
    ),
    _from_test(
        "smd_from_point_biserial",
        (number("r", "correlation of group and outcome, positive where group 1 is higher"),),
        "Hedges' g from a point-biserial correlation",
        "Jacobs & Viechtbauer 2017",
    ),
    _from_test(
        "smd_from_eta2",
        (number("eta2", "eta squared of two groups, 0 or more and below 1"), SIGN),
        "Hedges' g from eta squared of two groups",
        "Cohen 1988: eta squared is the squared point-biserial correlation",
    ),
)

_COVARIATES = (
    number("r", "multiple correlation of covariates and outcome, within groups"),
    number("covariates", "number of covariates"),
)
_ADJUSTED_G = smd("standardised difference of adjusted means", ANCOVA_ASSUMPTIONS)

FROM_ANCOVA = (
    Udf(
        name="smd_from_ancova_means",
        arguments=(
            number("m1", "adjusted mean of group 1"),
            number("sd1", "standard deviation of group 1, positive"),
            number("n1", "size of group 1"),
            number("m2", "adjusted mean of group 2"),
            number("sd2", "standard deviation of group 2, positive"),
            number("n2", "size of group 2"),
            *_COVARIATES,
            Argument("sd_kind", "VARCHAR", "adjusted (of residuals) or unadjusted", choice=SD_KIND),
            CORRECTION_CHOICE,
        ),
        returns=_ADJUSTED_G,
        description="Hedges' g from covariate-adjusted means, in the unadjusted SD",
        source="Borenstein and others 2009, ch. 4",
        kernel="conversions.ancova:smd_from_ancova_means",
    ),
    Udf(
        name="smd_from_ancova_t",
        arguments=(
            number("t", "t of the adjusted difference"),
            *SIZES,
            *_COVARIATES,
            CORRECTION_CHOICE,
        ),
        returns=_ADJUSTED_G,
        description="Hedges' g from the t of a covariate-adjusted difference",
        source="Cooper, Hedges & Valentine 2009, ch. 12",
        kernel="conversions.ancova:smd_from_ancova_t",
    ),
    Udf(
        name="smd_from_ancova_f",
        arguments=(
            number("f", "F of the adjusted difference with 1 numerator degree of freedom"),
            SIGN,
            *SIZES,
            *_COVARIATES,
            CORRECTION_CHOICE,
        ),
        returns=_ADJUSTED_G,
        description="Hedges' g from the F of a covariate-adjusted difference",
        source="Cooper, Hedges & Valentine 2009, ch. 12",
        kernel="conversions.ancova:smd_from_ancova_f",
    ),
)

SMD_FROM_LOG_ODDS = Udf(
    name="smd_from_log_odds",
    arguments=(
        number("yi_log_or", "log odds ratio"),
        number("vi_log_or", "its sampling variance, positive"),
        Argument("rule", "VARCHAR", "hasselblad_hedges (pi / sqrt 3) or cox (1.65)", choice=RULE),
    ),
    returns=smd("standardised mean difference", ODDS_ASSUMPTIONS),
    description="Standardised mean difference from a log odds ratio",
    source="Hasselblad & Hedges 1995; Chinn 2000; Cox & Snell 1989",
    kernel="conversions.odds:smd_from_log_odds",
)

SMD = (
    SMD_FROM_MEANS,
    G_FROM_D,
    SMDH_FROM_MEANS,
    *FROM_TESTS,
    *FROM_ANCOVA,
    SMD_FROM_LOG_ODDS,
)
